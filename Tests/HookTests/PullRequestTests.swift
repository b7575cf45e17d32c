import Platform
import TestSupport
import Testing

@Suite("A pull request's life")
struct PullRequestTests {
  /// Where trunk touches the file that the stream's first commit has changed as well.
  enum Touch: String, CaseIterable, CustomTestStringConvertible {
    case elsewhereBefore = "elsewhere in the file, before the squash"
    case elsewhereAfter = "elsewhere in the file, after the squash"
    case besideBefore = "two lines away, before the squash"

    var testDescription: String { rawValue }
    var isBefore: Bool { self != .elsewhereAfter }
    var line: Int { self == .besideBefore ? 5 : 9 }
  }

  @Test(
    "The first commit squashed elsewhere, the branch pushed: the rest replays, and the push that is named works",
    arguments: Touch.allCases)
  func squashed(touch: Touch) throws {
    let hive = try ArmedHive()
    try hive.arrange(
      """
      seq 12 >one/file && git add one && git commit -q -m 'feat: file (ABC-1)'
      git push -q origin one:main && git -C "$TRUNK" pull -q --ff-only && preflight sync --no-fetch
      """)
    try hive.type(
      """
      sed -i 's/^3$/three/' one/file && git commit -q -a -m 'feat: three (ABC-1)'
      sed -i 's/^12$/twelve/' one/file && git commit -q -a -m 'feat: twelve (ABC-1)'
      git push -q origin one one~1:refs/heads/part
      """)
    let touched = "sed -i 's/^\(touch.line)$/theirs/' one/file && git commit -q -a -m 'feat: theirs'"
    try hive.arrange(
      """
      git clone -q "$ORIGIN" ../clone && cd ../clone && git config user.name a && git config user.email a@b
      \(touch.isBefore ? touched : "true")
      git merge -q --squash origin/part >/dev/null && git commit -q -m 'feat: three (ABC-1) (#14)'
      \(touch.isBefore ? "true" : touched)
      git push -q origin main
      """)
    let published = try hive.type("git rev-parse one").dropLast()
    let outcome = try hive.outcome(of: "preflight sync")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try hive.isOnTrunk("one", "origin/main"), "\(outcome)")
    #expect(try hive.type("git log --format=%s origin/main..one") == "feat: twelve (ABC-1)\n", "\(outcome)")
    let file = try hive.type("cat one/file")
    #expect(["three\n", "twelve\n", "theirs\n"].allSatisfy(file.contains), "\(file)")
    #expect(!file.contains("<<<<<<<"))

    let push =
      "git -C \(hive.one) push --force-with-lease=refs/heads/one:\(published) origin refs/heads/one:refs/heads/one"
    #expect(outcome.standardOutput.contains("hint: one: \(push)\n"), "\(outcome)")
    let status = try hive.type("preflight status")
    #expect(status.contains("to be pushed") && status.contains("hint: one: \(push)\n"), "\(status)")
    let plain = try hive.outcome(of: "git push origin one")
    #expect(plain.status != 0 && plain.findings(of: "push.lease").count == 1, "\(plain)")
    let leased = try hive.outcome(of: push, in: hive.two)
    #expect(leased.status == 0, "\(leased)")
    #expect(try hive.type("git -C \"$ORIGIN\" rev-parse one") == hive.type("git rev-parse one"))
    // Somebody who merges it now gets the rest.
    try hive.arrange("git fetch -q && git merge -q --ff-only origin/one", in: hive.repository.surroundings / "clone")
    #expect(try hive.outcome(of: "preflight sync").standardOutput.contains("up to date"))
  }
}
