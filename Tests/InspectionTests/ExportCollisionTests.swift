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
}
