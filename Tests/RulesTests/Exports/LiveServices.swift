import Exports
import Plan
import Testing

@testable import Rules

/// The plan's streams and their barrel, as the stubs commit leaves it.
enum LiveServices {
  static let streams = [
    StreamNames(id: "ws1", name: "CI/Testing", issues: ["SMI-1582"]),
    StreamNames(id: "ws2", name: "Security", issues: ["SMI-1454", "SMI-1456"]),
    StreamNames(id: "ws3", name: "Database", issues: ["SMI-1446", "SMI-1448", "SMI-1452"]),
    StreamNames(id: "ws5", name: "API/Monitoring", issues: ["SMI-1447", "SMI-1453"]),
  ]

  static let path = "packages/core/src/index.ts"

  static let barrel = """
    export * from './types.js'
    export { SkillParser, type ParserOptions } from './indexer/SkillParser.js'

    // Database (SMI-1446, SMI-1448, SMI-1452) - to be implemented
    // export * from './database/migration.js'

    // Security (SMI-1454, SMI-1456) - to be implemented
    // export * from './security/scanner.js'

    // Monitoring (SMI-1447, SMI-1453) - to be implemented
    // export * from './monitoring/index.js'

    """

  static let files: Set<String> = [
    "types.ts", "indexer/SkillParser.ts", "database/migration.ts", "db/migration.ts", "security/scanner.ts",
    "monitoring/index.ts",
  ]

  static let database = "// export * from './database/migration.js'"
  static let security = "// export * from './security/scanner.js'"
  static let monitoring = "// export * from './monitoring/index.js'"
}

extension String {
  /// With one of its lines replaced.
  func with(_ old: String, _ new: String) -> String {
    precondition(contains(old), "'\(old)' is not in the text")
    return replacing(old, with: new)
  }

  /// With a stub of it live.
  func live(_ stub: String) -> String { with(stub, String(stub.dropFirst(3))) }
}

/// A change of the barrel by `stream`; sides that are not given are as the base.
func change(
  _ staged: String, base: String = LiveServices.barrel, head: String? = LiveServices.barrel,
  trunk: String? = LiveServices.barrel, mergeHeads: [String] = [], stream: String? = "ws3", isTrunk: Bool = false,
  policy: Plan.SharedFiles.StubPolicy = .block, saysItReverts: Bool = false,
  remedy: ExportsChange.Remedy = .leaveOut(.staged),
  files: Set<String> = LiveServices.files, untracked: Set<String> = [], path: String = LiveServices.path
) -> ExportsChange {
  let directory = path.split(separator: "/").dropLast().joined(separator: "/") + "/"
  let isIn: (Set<String>, [UInt8]) -> Bool = { files, path in
    files.contains { (directory + $0).utf8.elementsEqual(path) }
  }
  return ExportsChange(
    path: Array(path.utf8), language: Language(path: Array(path.utf8))!, base: Array(base.utf8),
    head: head.map { Array($0.utf8) },
    staged: Array(staged.utf8), trunk: trunk.map { Array($0.utf8) }, mergeHeads: mergeHeads.map { Array($0.utf8) },
    stream: stream,
    isTrunk: isTrunk, stubPolicy: policy, streams: LiveServices.streams, saysItReverts: saysItReverts, remedy: remedy,
    isUntracked: { isIn(untracked, $0) }, provides: { isIn(files, $0) })
}

extension ExportsChange {
  /// `line:column rule` of each finding.
  var places: [String] { findings.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.rule)" } }

  func places(_ rule: RuleID) -> [String] {
    findings.filter { $0.rule == rule }.map { "\($0.line ?? 0):\($0.column ?? 0)" }
  }
}
