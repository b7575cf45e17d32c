import Platform
import TestSupport
import Testing

/// How trunk moves, typed in trunk's worktree; streams `one` and `three`'s commits are there to be merged.
private struct TrunkMove: CustomTestStringConvertible {
  let testDescription: String
  let script: String

  static let all = [
    TrunkMove(testDescription: "a fast-forward", script: "git merge -q --ff-only three"),
    TrunkMove(testDescription: "a merge", script: "git merge -q --no-ff three -m 'Merge branch three'"),
    TrunkMove(
      testDescription: "a conflicted merge, then a commit",
      script: """
        git merge -q clash || true
        git checkout -q --theirs CHANGELOG.md && git commit -q -a -m "Merge branch 'clash'"
        """),
    TrunkMove(
      testDescription: "pull --rebase",
      script:
        "echo 3 >free/kept && git -c core.hooksPath=/dev/null commit -q -a -m 'feat: ours' && git pull -q --rebase"),
    TrunkMove(
      testDescription: "a squash merge", script: "git merge -q --squash three && git commit -q -m 'feat: third (ABC-3)'"
    ),
    TrunkMove(testDescription: "a cherry-pick", script: "git cherry-pick three >/dev/null"),
    TrunkMove(testDescription: "a commit", script: "echo 3 >free/kept && git commit -q -a -m 'feat: plain'"),
    TrunkMove(
      testDescription: "an amended commit",
      script: "git commit -q --allow-empty -m 'feat: a' 2>/dev/null && git commit -q --amend --allow-empty -m 'feat: b'"
    ),
  ]
}

/// What asks whether trunk has moved where no hook fires, typed in stream one's worktree.
private struct Asking: CustomTestStringConvertible {
  let testDescription: String
  let script: String
  var status: Int32 = 0
  /// Whether it is at work in its own worktree, which then follows later.
  var leavesOwn = false

  static let all = [
    Asking(testDescription: "a commit", script: "git commit -q --allow-empty -m 'feat: a'"),
    Asking(
      testDescription: "a refused message", script: "git commit -q --allow-empty -m 'feet: a'", status: 1,
      leavesOwn: true),
    Asking(
      testDescription: "a refused change",
      script: "sed -i 's|^export.*types.*|&;|' src/index.ts; git commit -q -a -m 'feat: a'", status: 1, leavesOwn: true),
    Asking(testDescription: "a push", script: "git push -q origin one", leavesOwn: true),
    Asking(testDescription: "a push of nothing", script: "git push -q origin main~0:refs/heads/main", leavesOwn: true),
    Asking(testDescription: "preflight", script: "preflight --no-commands"),
    Asking(testDescription: "preflight status", script: "preflight status"),
    Asking(testDescription: "preflight doctor", script: "preflight doctor"),
    Asking(testDescription: "preflight skip", script: "preflight skip message.type --why x"),
    Asking(testDescription: "preflight hold", script: "preflight hold three"),
    Asking(testDescription: "preflight sync", script: "preflight sync --no-fetch"),
  ]
}

@Suite("Trunk moves, everybody moves")
struct FollowTests {
  /// With a commit in each stream, a commit on the remote, and a log of every hook that a sync of ours might wake.
  private func hive() throws -> ArmedHive {
    let hive = try ArmedHive()
    try hive.arrange(
      """
      echo 2 >one/kept && git commit -q -a -m 'feat: one (ABC-1)'
      git -C "$TWO" commit -q --allow-empty -m 'feat: two (ABC-2)'
      git worktree add -q ../three three && cd ../three
      mkdir three && echo 2 >three/new && git add three && git commit -q -m 'feat: three (ABC-3)'
      """)
    return hive
  }

  @Test("Whatever moves trunk in a worktree, the others have moved, and one line says so", arguments: TrunkMove.all)
  fileprivate func moves(_ move: TrunkMove) throws {
    let hive = try hive()
    try hive.arrange(
      """
      git clone -q "$ORIGIN" ../clone && cd ../clone && git config user.name a && git config user.email a@b
      echo 2 >two/kept && git commit -q -a -m 'feat: elsewhere' && git push -q origin main
      git -C "$MAIN" branch -q clash main && git -C "$MAIN" worktree add -q ../clash clash && cd ../clash
      sed -i 's/- c/- theirs/' CHANGELOG.md && git commit -q -a -m 'feat: clash' && cd "$MAIN"
      git worktree remove ../clash
      """)
    if move.script.contains("clash") {
      try hive.arrange("sed -i 's/- c/- ours/' CHANGELOG.md && git commit -q -a -m 'feat: ours'", in: hive.trunk)
    }
    try hive.type("preflight sync --no-fetch")
    let outcome = try hive.outcome(of: move.script, in: hive.trunk)
    #expect(outcome.status == 0, "\(outcome)")
    let lines = outcome.standardError.split(separator: "\n").filter { $0.hasPrefix("preflight: ") }
    #expect(lines.count == 1 && lines[0].hasSuffix(" moved (preflight status)"), "\(outcome)")
    for branch in ["one", "two", "three"] { #expect(try hive.isOnTrunk(branch), "\(branch) \(outcome)") }
  }

  @Test("Where no hook fires, the next hook or command anywhere brings everybody along", arguments: Asking.all)
  fileprivate func asks(_ asking: Asking) throws {
    let hive = try hive()
    try hive.arrange(
      """
      git clone -q "$ORIGIN" ../clone && cd ../clone && git config user.name a && git config user.email a@b
      git commit -q --allow-empty -m 'feat: squashed elsewhere' && git push -q origin main
      git -C "$MAIN" fetch -q && git -C "$MAIN" reset -q --hard origin/main
      """)
    let outcome = try hive.outcome(of: asking.script)
    #expect(outcome.status == asking.status, "\(outcome)")
    #expect(try hive.isOnTrunk("two") && (hive.isOnTrunk("three") || asking.script.contains("hold")), "\(outcome)")
    #expect(try hive.isOnTrunk("one") != asking.leavesOwn, "\(outcome)")
    let next = try hive.outcome(of: "git reset -q --hard && git commit -q --allow-empty -m 'feat: b'")
    #expect(try hive.isOnTrunk("one"), "\(next)")
  }

  @Test("Our own sync wakes no hook of ours, and nothing is said where nothing moved")
  func quiet() throws {
    let hive = try hive()
    let first = try hive.outcome(of: "git commit -q --allow-empty -m 'feat: t'", in: hive.trunk)
    #expect(first.standardError == "preflight: 3 moved (preflight status)\n", "\(first)")
    let second = try hive.outcome(of: "git commit -q --allow-empty -m 'feat: o'")
    #expect(second == CommandOutcome(status: 0, standardOutput: "", standardError: ""))
    let third = try hive.outcome(
      of: "git commit -q --allow-empty -m 'feat: o (ABC-2)' && git push -q origin two", in: hive.two)
    #expect(third == CommandOutcome(status: 0, standardOutput: "", standardError: ""))
  }

  @Test("Trunk has no base to be recorded: on it, hooks start 'preflight' only where it has moved")
  func onTrunk() throws {
    let hive = try ArmedHive()
    let started = hive.repository.surroundings / "started"
    try hive.repository.write("../counter", "#!/bin/sh\necho \"$*\" >>'\(started)'\n")
    try hive.type("chmod +x ../counter && git config preflight.program \"$PWD/../counter\"", in: hive.repository.path)
    let refused = try hive.outcome(of: "git commit -q --allow-empty -m 'feet: a'", in: hive.trunk)
    #expect(refused.status == 1 && !started.exists, "\(refused)")
    try hive.type("git commit -q --allow-empty -m 'feat: a'", in: hive.trunk)
    #expect(try started.contents().starts(with: "hook-follow post-commit\n".utf8))
  }

  @Test("A conflict leaves everything as it was, and is named again until it is resolved")
  func conflict() throws {
    let hive = try hive()
    try hive.arrange("echo ours >free/kept && git commit -q -a -m 'feat: ours'")
    let before = try hive.type("git rev-parse HEAD && git status --porcelain && cat free/kept")
    let commit = "echo theirs >free/kept && git commit -q -a -m 'feat: theirs'"
    let first = try hive.outcome(of: commit, in: hive.trunk)
    #expect(first.standardError == "preflight: 2 moved, one conflicts (preflight status)\n", "\(first)")
    #expect(try hive.type("git rev-parse HEAD && git status --porcelain && cat free/kept") == before)
    let second = try hive.outcome(of: "git commit -q --allow-empty -m 'feat: more'", in: hive.trunk)
    #expect(second.standardError == "preflight: 2 moved, one conflicts (preflight status)\n", "\(second)")
    #expect(try hive.type("preflight status").contains("conflicts in free/kept"))
    try hive.type(
      "git rebase -q main 2>/dev/null || (echo both >free/kept && git add free && git rebase --continue 2>&1)")
    let third = try hive.outcome(of: "git commit -q --allow-empty -m 'feat: last'", in: hive.trunk)
    #expect(third.standardError == "preflight: 3 moved (preflight status)\n", "\(third)")
  }

  @Test("Dirty, detached, held and unfinished worktrees are left alone and named, and follow by their own next commit")
  func left() throws {
    let hive = try hive()
    try hive.type("echo 5 >>free/kept")
    try hive.type(
      "preflight hold two -m 'a demo' && git switch -q --detach", in: hive.repository.surroundings / "three")
    let outcome = try hive.outcome(of: "echo 5 >>free/kept && git commit -q -a -m 'feat: t'", in: hive.trunk)
    #expect(outcome.standardError.contains("one concerned"), "\(outcome)")
    #expect(try !hive.isOnTrunk("one") && !hive.isOnTrunk("two") && !hive.isOnTrunk("three"))
    let commit = try hive.outcome(of: "git commit -q -a -m 'feat: free'")
    #expect(commit.standardError.contains("1 moved"), "\(commit)")
    #expect(try hive.isOnTrunk("one"))
    try hive.type("preflight unhold two && preflight sync --no-fetch")
    #expect(try hive.isOnTrunk("two"))
  }
}
