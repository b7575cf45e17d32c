import Git
import Plan
import Platform
import TestSupport
import Testing

@testable import Sync

@Suite("The conflict map against git")
struct AgreementTests {
  /// Of how many hives, and from which one on: `PREFLIGHT_HIVES=500 PREFLIGHT_SEED=1 swift test --filter AgreementTests`.
  private static let count = Environment.current["PREFLIGHT_HIVES"].flatMap { Int($0) } ?? 12
  private static let firstSeed = Environment.current["PREFLIGHT_SEED"].flatMap { UInt64($0) } ?? 1

  @Test("Every cell of generated hives is what git merge-tree says of the two tips, with the same files in conflict")
  func agreement() throws {
    var (cells, inProcess, conflicts) = (0, 0, 0)
    for seed in Self.firstSeed..<(Self.firstSeed + UInt64(Self.count)) {
      let hive = try GeneratedHive(seed: seed, streams: 6)
      let opened = try hive.repository.open()
      let trunk = try #require(try opened.trunk(TrunkNames(branch: "main", remote: nil)))
      let before = try hive.repository.git(["count-objects", "--verbose"])
      let map = try Prediction(opened, plan: Plan(), trunk: trunk, environment: hive.repository.environment).map()
      #expect(try hive.repository.git(["count-objects", "--verbose"]) == before, "seed \(seed)")
      for cell in map.cells {
        let (one, other) = (map.sides[cell.one], map.sides[cell.other])
        let expected = try git(one.tip, other.tip, hive.repository)
        let found = Self.paths(cell.verdict)
        #expect(found == expected, "seed \(seed): \(one.branch ?? "") with \(other.branch ?? "")")
        if found != nil { conflicts += 1 }
      }
      cells += map.cells.count
      inProcess += map.cells.count - map.decidedByGit
    }
    print("\(cells) cells, \(inProcess) decided in process, \(conflicts) conflicts; seeds from \(Self.firstSeed)")
    #expect(inProcess * 4 > cells)
    #expect(conflicts * 10 > cells)
  }

  /// The paths in conflict; `nil` where it merges.
  private func git(_ one: ObjectID, _ other: ObjectID, _ repository: TestRepository) throws -> Set<String>? {
    try (repository.surroundings / "objects").createDirectories()
    let outcome = try repository.attempt(
      "git", ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", "\(one)", "\(other)"],
      environment: [
        "GIT_OBJECT_DIRECTORY": "\(repository.surroundings)/objects",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": "\(repository.path)/.git/objects",
      ])
    #expect(outcome.status < 2, "\(outcome.standardError)")
    guard outcome.status == 1 else { return nil }
    // A file that git sets aside is called `path~side`.
    return Set(
      outcome.standardOutput.split(separator: "\0").dropFirst().map { path in
        String(path.replacing("~\(one)", with: "").replacing("~\(other)", with: ""))
      })
  }

  private static func paths(_ verdict: ConflictMap.Verdict) -> Set<String>? {
    guard case .conflict(let files) = verdict else { return nil }
    return Set(files.map { String(decoding: $0.path, as: UTF8.self) })
  }
}
