import Git
import Platform
import TestSupport
import Testing

@Suite("preflight finish")
struct FinishCommandTests {
  private static let plan = """
    [[checks]]
    name = "tests"
    run = ["@/tell", "tests"]
    [finish]
    run = ["@/tell", "opened", "{branch}"]
    [notify]
    ready = ["@/tell", "ready", "{stream}"]
    """

  @Test("A branch that was deleted under a worktree is said by all commands, with the one that has it back")
  func deletedBranch() throws {
    let hive = try TrainHive()
    try hive.commit("feat: one (T-1)", "alpha/x", "2\n", in: hive.a)
    let tip = try hive.repository.tip("stream/a")
    try hive.repository.git(["update-ref", "-d", "refs/heads/stream/a"])
    let cure = "git branch stream/a \(tip)"
    let finish = try hive.preflight("finish")
    #expect(finish.status == 1)
    #expect(finish.standardOutput == "sync:   left where it is: its branch was deleted\nhint: \(cure)\n", "\(finish)")
    let sync = try hive.preflight("sync", in: hive.repository.path)
    #expect(sync.standardOutput.contains("its branch was deleted"), "\(sync)")
    #expect(sync.standardOutput.contains("hint: a: \(cure)\n"), "\(sync)")
    let status = try hive.preflight("status", in: hive.repository.path)
    let row = status.standardOutput.split(separator: "\n").first { $0.hasPrefix("a ") }
    #expect(row?.hasSuffix("  its branch was deleted") ?? false, "\(status)")
    for command in [["next"], ["merge", "--dry-run"]] as [[Argument]] {
      let outcome = try hive.repository.attempt(BuiltProducts.executable("preflight"), command)
      #expect(outcome.standardOutput.contains("a: its branch was deleted (\(cure))\n"), "\(outcome)")
    }
    try hive.repository.git(["branch", "stream/a", Argument("\(tip)")])
    #expect(try hive.repository.git(["status", "--porcelain"], in: hive.a) == "", "nothing is lost")
    // One that never had a commit was not deleted.
    try hive.repository.git(["switch", "--quiet", "--orphan", "fresh"], in: hive.b)
    let fresh = try hive.preflight("sync", in: hive.repository.path)
    #expect(fresh.standardOutput.contains("no commit yet"), "\(fresh)")
  }

  @Test("A stream's work is ended by one command, and once it is nothing is done again")
  func whole() throws {
    let hive = try TrainHive(Self.plan)
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    try hive.commitUnseen("feat: trunk", ["other": "1\n"])
    try hive.repository.git(["push", "--quiet", "--no-verify", "origin", "main"])
    let first = try hive.preflight("finish", in: hive.a)
    #expect(first.status == 0)
    #expect(
      first.standardOutput == """
        sync:   moved onto trunk
        check:  passed
        push:   pushed
        run:    the plan's command has run
        ready:  said
        notify: told
        a (Alpha) is finished

        """)
    #expect(try hive.waitUntilTold(3) == ["tests", "opened stream/a", "ready a"])
    #expect(try hive.repository.tip("stream/a") == hive.repository.tip("refs/remotes/origin/stream/a"))
    let second = try hive.preflight("finish", "a", in: hive.b)
    #expect(
      second.standardOutput == """
        sync:   up to date
        check:  passed
        push:   the remote has it
        run:    was run before
        ready:  was said before
        notify: told
        a (Alpha) is finished

        """)
    #expect(try hive.waitUntilTold(3).count == 3)
  }

  @Test("What is not committed stops it before anything is done")
  func uncommitted() throws {
    let hive = try TrainHive(Self.plan)
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    try hive.repository.write("alpha/new", "1\n", in: hive.a)
    let outcome = try hive.preflight("finish", in: hive.a)
    #expect(outcome.status == 1)
    #expect(
      outcome.standardOutput == """
        sync:   not committed: alpha/new
        hint: commit, or ignore, what is there; then preflight finish

        """)
    #expect(try hive.told().isEmpty)
  }

  @Test("A red check, a refused push and a failing command each stop it there; the next run goes on from there")
  func stops() throws {
    let hive = try TrainHive(
      """
      [[checks]]
      name = "tests"
      run = ["sh", "-c", "echo tests >> @/told; test -e @/green"]
      [finish]
      run = ["sh", "-c", "echo opened >> @/told; test -e @/open"]
      """)
    func finish() throws -> CommandOutcome { try hive.preflight("finish", in: hive.a) }
    func make(_ file: String) throws { try (hive.repository.surroundings / file).write([]) }
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    #expect(
      try finish().standardOutput.hasSuffix("check:  stopped: settle what is said above; then preflight finish\n"))
    #expect(try hive.repository.attempt("git", ["rev-parse", "-q", "--verify", "origin/stream/a"]).status != 0)
    try make("green")
    let refuse = hive.origin / "hooks/pre-receive"
    try refuse.write(Array("#!/bin/sh\nexit 1\n".utf8), permissions: 0o755)
    #expect(try finish().standardOutput.hasSuffix("push:   refused, as said above\n"))
    try refuse.remove()
    #expect(
      try finish().standardOutput.hasSuffix("run:    failed with exit status 1; preflight finish runs it again\n"))
    #expect(try finish().status == 1)
    try make("open")
    #expect(try finish().status == 0)
    #expect(try hive.told() == ["tests", "tests", "opened", "opened", "opened"])
  }

  @Test("A conflict with trunk stops it with the branch as it was")
  func conflict() throws {
    let hive = try TrainHive(Self.plan)
    try hive.repository.commit("feat: one (T-1)", ["shared": "2\n"], in: hive.a)
    try hive.commitUnseen("feat: trunk", ["shared": "3\n"])
    let tip = try hive.repository.tip("stream/a")
    let outcome = try hive.preflight("finish", in: hive.a)
    #expect(outcome.status == 1)
    #expect(
      outcome.standardOutput.hasPrefix("sync:   conflicts in shared; nothing was changed\nhint: preflight conflicts;"))
    #expect(try hive.repository.tip("stream/a") == tip)
  }

  @Test("Somebody else's commits on the remote's branch are never overwritten")
  func unseen() throws {
    let hive = try TrainHive()
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    #expect(try hive.preflight("finish", in: hive.a).status == 0)
    let other = try TestRepository(cloning: hive.repository, name: "other")
    try other.git(["remote", "set-url", "origin", Argument(hive.origin)])
    try other.git(["fetch", "--quiet"])
    try other.git(["switch", "--quiet", "-c", "stream/a", "origin/stream/a"])
    try other.commit("feat: theirs", ["alpha/z": "1\n"])
    try other.git(["push", "--quiet", "origin", "stream/a"])
    let theirs = try other.tip("HEAD")
    try hive.repository.commit("feat: more (T-1)", ["alpha/x": "3\n"], in: hive.a)
    let outcome = try hive.preflight("finish", in: hive.a)
    #expect(outcome.status == 1)
    #expect(outcome.standardOutput.contains("origin/stream/a"))
    #expect(try other.git(["ls-remote", "origin", "refs/heads/stream/a"]).hasPrefix("\(theirs)"))
  }

  @Test(
    "Killed while its command runs, it does not run that a second time by itself, and says so",
    arguments: [false, true])
  func killed(syncsMeanwhile: Bool) throws {
    let hive = try TrainHive(
      """
      [[checks]]
      name = "tests"
      run = ["@/tell", "tests"]
      [finish]
      run = ["sh", "-c", "echo opened >> @/told; kill -9 $PPID"]
      """)
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    #expect(try hive.preflight("finish", in: hive.a).status != 0)
    #expect(try hive.told() == ["tests", "opened"])
    if syncsMeanwhile {
      try hive.commitUnseen("feat: trunk", ["other": "1\n"])
      #expect(try hive.preflight("sync", "--no-fetch", in: hive.a).status == 0)
    }
    let second = try hive.preflight("finish", in: hive.a)
    #expect(second.status == 0)
    #expect(
      second.standardOutput.contains(
        "may have done its work: not run again\nhint: look, and where it has not: preflight finish --again\n"))
    #expect(try hive.told() == (syncsMeanwhile ? ["tests", "opened", "tests"] : ["tests", "opened"]))
    #expect(try hive.preflight("finish", "--again", in: hive.a).status != 0)
    #expect(try hive.told().last == "opened")
  }

  @Test("Killed by the push, or by a check, it takes up its work where it was")
  func killedEarlier() throws {
    let hive = try TrainHive(
      """
      [[checks]]
      name = "tests"
      run = ["sh", "-c", "echo tests >> @/told; test -e @/alive || { touch @/alive; kill -9 $PPID; }"]
      [finish]
      run = ["@/tell", "opened"]
      """)
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    #expect(try hive.preflight("finish", in: hive.a).status != 0)
    // The push goes through, and whoever asked for it is dead before it hears of that: git, then preflight.
    let hook = hive.repository.path / ".git/hooks/reference-transaction"
    try hook.write(
      Array(
        """
        #!/bin/sh
        test "$1" = committed || exit 0
        grep -q refs/remotes/origin/stream/a || exit 0
        rm "$0"
        kill -9 $(ps -o ppid= -p $PPID) $PPID

        """.utf8), permissions: 0o755)
    #expect(try hive.preflight("finish", in: hive.a).status != 0)
    #expect(try hive.repository.tip("stream/a") == hive.repository.tip("refs/remotes/origin/stream/a"))
    #expect(try hive.preflight("finish", in: hive.a).status == 0)
    #expect(try hive.told() == ["tests", "tests", "opened"])
  }
}
