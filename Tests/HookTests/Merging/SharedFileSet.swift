import Plan
import TestSupport

/// A barrel, a changelog, a manifest and a text, as one stream has them.
struct SharedFileSet {
  static let policies: [(path: String, policy: Plan.SharedFiles.MergePolicy)] = [
    ("src/index.ts", .barrel), ("CHANGELOG.md", .changelog), ("package.json", .manifest), ("notes.txt", .text),
  ]

  enum Life: CaseIterable {
    case absent
    case stub
    case live
    case renamed
  }

  /// By the names of the modules, in their order.
  private var modules: [(name: Character, life: Life)]
  private var entries: [String]
  /// Released entries, below a release of their own.
  private var released: [String]
  private var versions: [(name: Character, version: Int)]
  private var notes: [String]

  static let base = SharedFileSet(
    modules: "abcdefgh".map { ($0, $0 < "c" ? .live : .stub) }, entries: ["first of all", "then another thing"],
    released: ["what was there before"], versions: "abcde".map { ($0, 1) }, notes: (1...12).map { "line \($0)" })

  /// With a few changes in each file.
  func changed(using random: inout SeededGenerator) -> SharedFileSet {
    var result = self
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let index = result.modules.indices.randomElement(using: &random)!  // never empty
      result.modules[index].life = Life.allCases.randomElement(using: &random)!  // four cases
      result.versions[Int.random(in: 0..<result.versions.count, using: &random)].version += Int.random(
        in: 0...2, using: &random)
      result.notes[Int.random(in: 0..<result.notes.count, using: &random)] += " more"
      let number = Int.random(in: 0..<1000, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: result.released = result.entries + result.released
      case 1 where !result.entries.isEmpty: result.entries.removeLast()
      case 2: result.versions.append((Character(UnicodeScalar(UInt8(102 + number % 20))), number))
      default: result.entries.append("a change with the number \(number)")
      }
      if result.released.count > 1, result.entries.first == result.released.first { result.entries = [] }
    }
    var seen: Set<Character> = []
    result.versions = result.versions.filter { seen.insert($0.name).inserted }
    return result
  }

  var files: [String: String] {
    let exports = modules.compactMap { module -> String? in
      switch module.life {
      case .absent: nil
      case .stub: "// export * from './\(module.name).js'\n"
      case .live: "export * from './\(module.name).js'\n"
      case .renamed: "export * as \(module.name) from './\(module.name).js'\n"
      }
    }
    let dependencies = versions.map { "    \"\($0.name)\": \"\($0.version).0.0\"" }.joined(separator: ",\n")
    func list(_ entries: [String]) -> String { entries.map { "- \($0)\n" }.joined() }
    return [
      "src/index.ts": exports.joined(),
      "CHANGELOG.md":
        "# Changelog\n\n## [Unreleased]\n\n### Added\n\n\(list(entries))\n## [1.0.0]\n\n### Added\n\n\(list(released))",
      "package.json": "{\n  \"name\": \"x\",\n  \"dependencies\": {\n\(dependencies)\n  }\n}\n",
      "notes.txt": notes.map { "\($0)\n" }.joined(),
    ]
  }
}
