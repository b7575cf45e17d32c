import Git
import Inspection
import Platform
import Rules
import TestSupport
import Testing

@Suite("Names that two modules behind a barrel export, found in the commit")
struct ExportCollisionTests {
  private static let barrel = """
    export * from './sync/status.js'

    // Alpha (T-1)
    // export * from './database/migration.js'

    // Beta (T-3)
    // export * from './beta.js'

    """

  private func hive(_ patterns: String = "\"packages/core/src/index.ts\"") throws -> TestHive {
    let shared = "[[shared]]\npaths = [\(patterns)]\nmerge = \"barrel\"\n\n"
    let hive = try TestHive(plan: TestHive.plan.replacing("[streams.a]", with: shared + "[streams.a]"))
    return hive
  }

  private let source = "packages/core/src/"

  private func start(_ hive: TestHive) throws {
    try hive.repository.commit(
      "feat: start",
      [
        source + "index.ts": Self.barrel,
        source + "sync/status.ts": "/** How far. */\nexport interface SyncStatus {}\n",
      ])
    for place in [hive.a, hive.b] { try hive.repository.git(["merge", "--quiet", "main"], in: place) }
  }

  @Test("A module that is a directory is the index file in it, and one without is missing")
  func directories() throws {
    let hive = try hive()
    try start(hive)
    let staged = Self.barrel + "export * from './database'\n"
    let files = [source + "index.ts": staged, source + "database/index.ts": "export type SyncStatus = 'done'\n"]
    #expect(
      try collisions(hive, staging: files, in: hive.a) == [
        "\(source)database/index.ts:1: 'SyncStatus' is exported here and in line 2 of '\(source)sync/status.ts', both behind '\(source)index.ts'"
      ])
    let without = [source + "index.ts": staged, source + "database/notes.md": "none\n"]
    let missing = try hive.findings(staging: without, in: hive.b).filter { $0.rule == MissingModuleRule.id }
    #expect(missing.count == 1)
  }

  private func live(_ module: String) -> String {
    Self.barrel.replacing("// export * from './\(module)", with: "export * from './\(module)")
  }

  private func collisions(_ hive: TestHive, staging files: [String: String], in place: FilePath) throws -> [String] {
    try hive.findings(staging: files, in: place).filter { $0.rule == ExportCollisionRule.id }.map { finding in
      "\(String(decoding: finding.path ?? [], as: UTF8.self)):\(finding.line ?? 0): \(finding.message.text)"
    }
  }

  @Test(
    "The database stream brings a module to life that exports the SyncStatus which another one exports on trunk",
    arguments: ["\"packages/core/src/index.ts\"", "\"packages/*/src/index.ts\"", "\"**/index.ts\""])
  func syncStatus(pattern: String) throws {
    let hive = try hive(pattern)
    try start(hive)
    let files = [
      source + "index.ts": live("database/migration.js"),
      source + "database/migration.ts": "export function migrate() {}\n\nexport type SyncStatus = 'done' | 'open'\n",
    ]
    #expect(
      try collisions(hive, staging: files, in: hive.a) == [
        "\(source)database/migration.ts:3: 'SyncStatus' is exported here and in line 2 of '\(source)sync/status.ts', both behind '\(source)index.ts'"
      ])
    #expect(
      try hive.findings(staging: files, in: hive.a).first?.message.hint == "git restore --staged -- :/\(source)index.ts"
    )
  }

  @Test("What trunk and a sibling export meanwhile counts, each named")
  func elsewhere() throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.commit(
      "feat: more", [source + "sync/status.ts": "export interface SyncStatus {}\nexport const onTrunk = 1\n"])
    try hive.repository.commit(
      "feat: beta", [source + "index.ts": live("beta.js"), source + "beta.ts": "export const inBeta = 1\n"], in: hive.b)
    let files = [
      source + "index.ts": live("database/migration.js"),
      source + "database/migration.ts": "export const inBeta = 1\nexport const onTrunk = 1\n",
    ]
    #expect(
      try collisions(hive, staging: files, in: hive.a) == [
        "\(source)database/migration.ts:2: 'onTrunk' is exported here and in line 2 of '\(source)sync/status.ts' on 'main', both behind '\(source)index.ts'",
        "\(source)database/migration.ts:1: 'inBeta' is exported here and in line 1 of '\(source)beta.ts' of b in '../b', both behind '\(source)index.ts'",
      ])
  }

  @Test("What collides on trunk already, and what a sibling has done by itself, is not this change's")
  func settled() throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.commit(
      "feat: both",
      [
        source + "index.ts": Self.barrel + "export * from './again.js'\n",
        source + "again.ts": "export class SyncStatus {}\n",
      ])
    try hive.repository.git(["merge", "--quiet", "main"], in: hive.a)
    try hive.repository.commit(
      "feat: beta", [source + "index.ts": live("beta.js"), source + "beta.ts": "export class SyncStatus {}\n"],
      in: hive.b)
    let files = [source + "again.ts": "export class SyncStatus {}\nexport const more = 1\n"]
    #expect(try collisions(hive, staging: files, in: hive.a) == [])
  }

  @Test("A module that nobody exports, a private name and a file that gains nothing are passed over")
  func unconcerned() throws {
    let hive = try hive()
    try start(hive)
    #expect(try collisions(hive, staging: [source + "loose.ts": "export class SyncStatus {}\n"], in: hive.a) == [])
    let files = [
      source + "index.ts": live("database/migration.js"), source + "database/migration.ts": "class SyncStatus {}\n",
    ]
    #expect(try collisions(hive, staging: files, in: hive.a) == [])
  }

  @Test("A cache that is damaged is made again, and says the same")
  func cache() throws {
    let hive = try hive()
    try start(hive)
    let files = [
      source + "index.ts": live("database/migration.js"),
      source + "database/migration.ts": "export type SyncStatus = 1\n",
    ]
    let found = try collisions(hive, staging: files, in: hive.a)
    #expect(found.count == 1)
    let cache = hive.repository.path.appending(".git/preflight/exports")
    let kept = try cache.contents()
    #expect(try collisions(hive, staging: [:], in: hive.a) == found)
    try cache.write(Array("damaged".utf8))
    #expect(try collisions(hive, staging: [:], in: hive.a) == found)
    #expect(try cache.contents() == kept)
  }

  @Test("On trunk itself the commit that makes two modules meet is named, too")
  func onTrunk() throws {
    let hive = try hive()
    try start(hive)
    let files = [source + "index.ts": live("beta.js"), source + "beta.ts": "export class SyncStatus {}\n"]
    #expect(try collisions(hive, staging: files, in: hive.repository.path).count == 1)
  }

  @Test("A barrel or a module that is too large to be read is said to be that, and judged no further")
  func large() throws {
    let hive = try hive()
    try start(hive)
    let lines = String(repeating: "// x\n", count: 100_001)
    let files = [
      source + "index.ts": live("database/migration.js"),
      source + "database/migration.ts": lines + "export class SyncStatus {}\n",
    ]
    #expect(try collisions(hive, staging: files, in: hive.a) == [])
    let large = try hive.findings(
      staging: [source + "index.ts": live("database/migration.js") + lines], in: hive.a)
    #expect(large.map(\.message.text) == ["too large to be read: no rule on exports has judged it"])
    #expect(large.map(\.severity) == [.warning])
  }

  // MARK: What a sibling has not committed

  /// The warnings, each with whether it comes again in this worktree.
  private func overlaps(
    _ hive: TestHive, staging files: [String: String], in place: FilePath, _ sight: SiblingSight = .barrels
  ) throws -> [String] {
    for (file, contents) in files {
      try hive.repository.write(file, contents, in: place)
      try hive.repository.git(["add", "--", Argument(file)], in: place)
    }
    let situation = try hive.situation(in: place)
    return try ChangeRules(situation, situation.stagedChange()).overlaps(sight).map(\.finding)
      .filter { $0.rule == ExportCollisionRule.id }.map { finding in
        "\(finding.severity) \(String(decoding: finding.path ?? [], as: UTF8.self)):\(finding.line ?? 0): \(finding.message.text)"
      }
  }

  private var alpha: [String: String] {
    [
      source + "index.ts": live("database/migration.js"),
      source + "database/migration.ts": "export const inBeta = 1\n",
    ]
  }

  private func warning(line: Int = 1, of module: String = "beta.ts", name: String = "inBeta") -> String {
    "warning \(source)database/migration.ts:1: '\(name)' is exported here and in line \(line) of '\(source)\(module)' of b in '../b', not committed there, both behind '\(source)index.ts'"
  }

  @Test("What a sibling has written, staged or not, is a warning that names it", arguments: [false, true])
  func uncommitted(isStaged: Bool) throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.write(source + "index.ts", live("beta.js"), in: hive.b)
    try hive.repository.write(source + "beta.ts", "// new\nexport const inBeta = 1\n", in: hive.b)
    if isStaged { try hive.repository.git(["add", "."], in: hive.b) }
    #expect(try overlaps(hive, staging: alpha, in: hive.a) == [warning(line: 2)])
    #expect(try overlaps(hive, staging: [:], in: hive.a, .modules) == [warning(line: 2)])
    #expect(try collisions(hive, staging: [:], in: hive.a) == [], "what is not committed refuses nothing")
  }

  @Test("A further barrel that a sibling's new module passes on is looked through on its disk")
  func uncommittedChain() throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.write(source + "index.ts", live("beta.js"), in: hive.b)
    try hive.repository.write(source + "beta.ts", "export * from './inner/index.js'\n", in: hive.b)
    try hive.repository.write(source + "inner/index.ts", "export { inBeta } from './deep'\n", in: hive.b)
    try hive.repository.write(source + "inner/deep.ts", "const a = 1\nexport const inBeta = a\n", in: hive.b)
    #expect(try overlaps(hive, staging: alpha, in: hive.a) == [warning(line: 2, of: "inner/deep.ts")])
  }

  @Test("A module that trunk has exported before is looked at by 'preflight' alone, not by a commit")
  func uncommittedEdit() throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.write(
      source + "sync/status.ts", "export interface SyncStatus {}\nexport const inBeta = 1\n", in: hive.b)
    #expect(try overlaps(hive, staging: alpha, in: hive.a) == [])
    #expect(try overlaps(hive, staging: [:], in: hive.a, .modules) == [warning(line: 2, of: "sync/status.ts")])
  }

  @Test("What a sibling has committed is said once, as the error that it is")
  func committedIsNoOverlap() throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.commit(
      "feat: beta", [source + "index.ts": live("beta.js"), source + "beta.ts": "export const inBeta = 1\n"], in: hive.b)
    #expect(try overlaps(hive, staging: alpha, in: hive.a, .modules) == [])
    #expect(try collisions(hive, staging: [:], in: hive.a).count == 1)
    // What comes on top of it is said for itself.
    try hive.repository.write(source + "beta.ts", "export const inBeta = 1\nexport const more = 1\n", in: hive.b)
    let files = [source + "database/migration.ts": "export const inBeta = 1, more = 1\n"]
    #expect(try overlaps(hive, staging: files, in: hive.a) == [warning(line: 2, name: "more")])
  }

  @Test("What collides in a sibling's files by itself, or in ours, is not what the two make of it")
  func uncommittedAlone() throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.write(source + "index.ts", live("beta.js"), in: hive.b)
    try hive.repository.write(source + "beta.ts", "export class SyncStatus {}\n", in: hive.b)
    let files = [
      source + "index.ts": live("database/migration.js"),
      source + "database/migration.ts": "export const migrate = 1\n",
    ]
    #expect(try overlaps(hive, staging: files, in: hive.a, .modules) == [])
  }

  @Test("Files that differ in their line ends, or are not there, are what is committed")
  func sameFiles() throws {
    let hive = try hive()
    try start(hive)
    try hive.repository.commit(
      "feat: beta", [source + "index.ts": live("beta.js"), source + "beta.ts": "export const b = 1\n"], in: hive.b)
    try hive.repository.write(
      source + "index.ts", live("beta.js").replacing("\n", with: "\r\n"), in: hive.b)
    try hive.repository.write(source + "beta.ts", "export const b = 1\r\nexport const inBeta = 1\r\n", in: hive.b)
    try hive.b.appending(source + "sync/status.ts").remove()
    #expect(try overlaps(hive, staging: alpha, in: hive.a, .modules) == [warning(line: 2)])
  }

  @Test("A sibling whose barrel is in conflict, is no file or names what is none says nothing")
  func oddSiblings() throws {
    let hive = try hive()
    try start(hive)
    let barrel = hive.b.appending(source + "index.ts")
    try hive.repository.write(
      source + "index.ts", "<<<<<<< ours\nexport * from './beta.js'\n=======\n>>>>>>> theirs\n" + Self.barrel,
      in: hive.b)
    try hive.repository.write(source + "beta.ts", "export const inBeta = 1\n", in: hive.b)
    #expect(try overlaps(hive, staging: alpha, in: hive.a, .modules) == [])
    try barrel.remove()
    try barrel.createDirectories()
    #expect(try overlaps(hive, staging: [:], in: hive.a, .modules) == [])
    try barrel.removeEmptyDirectory()
    try hive.repository.write(source + "index.ts", live("beta.js"), in: hive.b)
    try hive.b.appending(source + "beta.ts").remove()
    try hive.b.appending(source + "beta.ts").createDirectories()
    #expect(try overlaps(hive, staging: [:], in: hive.a, .modules) == [])
  }
}
