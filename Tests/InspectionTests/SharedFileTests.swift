import Git
import Inspection
import Platform
import Rules
import TestSupport
import Testing

@Suite("Shared files against trunk and siblings")
struct SharedFileTests {
  private func changelog(_ old: String, _ new: String) -> String {
    let lines = TestHive.changelog.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { $0 == old ? new : String($0) }.joined(separator: "\n")
  }

  @Test("A shared file that conflicts with what trunk made of it is an error; one that merges is silence")
  func stale() throws {
    let hive = try TestHive()
    try hive.repository.commit("docs: trunk", ["CHANGELOG.md": changelog("- second", "- trunk's second")])
    let conflicting = try hive.findings(staging: ["CHANGELOG.md": changelog("- second", "- our second")], in: hive.a)
    #expect(conflicting.summary == ["shared.stale CHANGELOG.md"])
    #expect(conflicting.first?.severity == .error)
    #expect(conflicting.first?.line == 6)
    let merging = try hive.findings(staging: ["CHANGELOG.md": changelog("- fourth", "- our fourth")], in: hive.a)
    #expect(merging.isEmpty)
  }

  @Test("Merging trunk into a stream and resolving its conflict passes", arguments: [false, true])
  func resolving(squash: Bool) throws {
    let hive = try TestHive()
    try hive.repository.commit(
      "docs: trunk", ["CHANGELOG.md": changelog("- second", "- trunk's second"), "beta/y": "trunk's\n"])
    try hive.repository.commit("docs: ours", ["CHANGELOG.md": changelog("- second", "- our second")], in: hive.a)
    _ = try hive.repository.attempt("git", ["merge"] + (squash ? ["--squash"] : []) + ["main"], in: hive.a)
    let resolved = try hive.findings(
      staging: ["CHANGELOG.md": changelog("- second", "- trunk's second\n- our second")], in: hive.a)
    #expect(resolved.isEmpty)
  }

  @Test("An amend that takes the conflict back passes")
  func amend() throws {
    let hive = try TestHive()
    try hive.repository.commit("docs: trunk", ["CHANGELOG.md": changelog("- second", "- trunk's second")])
    try hive.repository.commit("docs: ours", ["CHANGELOG.md": changelog("- second", "- our second")], in: hive.a)
    #expect(try hive.findings(staging: ["CHANGELOG.md": TestHive.changelog], in: hive.a).isEmpty)
  }

  @Test("A fault that skipped its hook is named at the next commit that touches the file")
  func netChange() throws {
    let hive = try TestHive()
    try hive.repository.commit("docs: trunk", ["CHANGELOG.md": changelog("- second", "- trunk's second")])
    let ours = changelog("- second", "- our second")
    try hive.repository.commit("docs: ours", ["CHANGELOG.md": ours], in: hive.a)
    #expect(
      try hive.findings(staging: ["CHANGELOG.md": ours + "- more\n"], in: hive.a).summary == [
        "shared.stale CHANGELOG.md"
      ])
  }

  @Test("Two worktrees that change the same lines hear of it, committed or not, and only then")
  func overlap() throws {
    let hive = try TestHive()
    try hive.repository.write("CHANGELOG.md", changelog("- third", "- b's third"), in: hive.b)
    try hive.repository.write("CHANGELOG.md", changelog("- third", "- a's third"), in: hive.a)
    try hive.repository.git(["add", "CHANGELOG.md"], in: hive.a)
    let situation = try hive.situation(in: hive.a)
    let overlaps = try ChangeRules(situation, situation.stagedChange()).overlaps(.barrels)
    #expect(overlaps.map(\.finding).summary == ["shared.overlap CHANGELOG.md"])
    #expect(overlaps.first?.finding.message.text == "does not merge with the version of b in '../b' in line 7")
    #expect(overlaps.first?.finding.severity == .warning)

    try hive.repository.git(["commit", "-qam", "docs: b"], in: hive.b)
    let again = try hive.situation(in: hive.a)
    #expect(try ChangeRules(again, again.stagedChange()).overlaps(.barrels).map(\.identity) == overlaps.map(\.identity))

    try hive.repository.write("CHANGELOG.md", changelog("- first", "- b's first"), in: hive.b)
    let apart = try hive.situation(in: hive.a)
    #expect(try ChangeRules(apart, apart.stagedChange()).overlaps(.barrels).isEmpty)
  }

  @Test("In a shallow clone without a common base it is said that nobody can tell")
  func shallow() throws {
    let hive = try TestHive()
    try hive.repository.commit("docs: ours", ["CHANGELOG.md": changelog("- second", "- our second")], in: hive.a)
    try hive.repository.commit("docs: trunk", ["CHANGELOG.md": changelog("- second", "- trunk's second")])
    let clone = try TestRepository(
      cloning: hive.repository, options: ["--no-local", "--depth=1", "--no-single-branch", "--branch=stream/a"])
    try clone.git(["config", "preflight.trunk", "refs/heads/main"])
    try clone.git(["config", "preflight.remote", "origin"])
    try clone.write("CHANGELOG.md", changelog("- second", "- again"))
    try clone.git(["add", "CHANGELOG.md"])
    let opened = try clone.open()
    let hiveSituation = try hive.situation()
    let source = PlanSource(opened) { _, _ throws(PlanProblem) in throw .noCompiler }
    try FilePath(opened.layout.stateDirectory.bytes).createDirectories()
    // The plan was compiled in the first repository; the cache is by its blob.
    let blob = try #require(hiveSituation.loadedPlan?.blob)
    let kept = hiveSituation.repository.layout.stateDirectory / "plans/\(blob)"
    try (opened.layout.stateDirectory / "plans").createDirectories()
    try (opened.layout.stateDirectory / "plans/\(blob)").write(kept.contents())
    let situation = try Situation(opened, source: source)
    let findings = try ChangeRules(situation, situation.stagedChange()).findings()
    #expect(findings.summary == ["shared.stale CHANGELOG.md"])
    #expect(findings.first?.severity == .warning)
  }
}
