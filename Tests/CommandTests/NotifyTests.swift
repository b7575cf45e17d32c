import Foundation
import Git
import Platform
import TestSupport
import Testing

@Suite("Telling others what has happened")
struct NotifyTests {
  private static let plan = """
    [notify]
    committed = ["@/tell", "committed", "{issue}"]
    pushed = ["@/tell", "pushed", "{issue}"]
    ready = ["@/tell", "ready", "{stream}"]
    blocked = ["@/tell", "blocked", "{issue}"]
    merged = ["@/tell", "merged", "{issue}"]
    interval = "1ms"
    """

  @Test("From the first commit to the merge each event is told once, whatever is rebased, amended or pushed again")
  func life() throws {
    let hive = try TrainHive(Self.plan)
    try hive.commit("feat: one (T-1)", "alpha/x", "2\n", in: hive.a)
    #expect(try hive.waitUntilTold(1) == ["committed T-1"])
    try hive.commit("feat: more (T-1)", "alpha/x", "3\n", in: hive.a)
    try hive.repository.git(["commit", "--quiet", "--amend", "-m", "feat: more of it (T-1)"], in: hive.a)
    try hive.repository.git(["push", "--quiet", "origin", "stream/a"], in: hive.a)
    #expect(try hive.waitUntilTold(2) == ["committed T-1", "pushed T-1"])
    try hive.commit("feat: trunk", "other", "1\n", in: hive.repository.path)  // rebases the stream
    #expect(try hive.preflight("signal", "ready").status == 0)
    #expect(try hive.waitUntilTold(3) == ["committed T-1", "pushed T-1", "ready a"])
    try hive.repository.git(["merge", "--quiet", "--no-ff", "--no-edit", "stream/a"])
    #expect(try hive.waitUntilTold(4) == ["committed T-1", "pushed T-1", "ready a", "merged T-1"])
  }

  @Test("Work that was taken back from trunk is told again when it is done again")
  func reopened() throws {
    let hive = try TrainHive(Self.plan)
    try hive.commit("feat: one (T-1)", "alpha/x", "2\n", in: hive.a)
    #expect(try hive.waitUntilTold(1) == ["committed T-1"])
    try hive.repository.git(["merge", "--quiet", "--no-ff", "--no-edit", "stream/a"])
    #expect(try hive.waitUntilTold(2) == ["committed T-1", "merged T-1"])
    try hive.repository.git(["revert", "--no-edit", "-m", "1", "HEAD"])
    #expect(try hive.waitUntilTold(2).count == 2)
    try hive.commit("fix: one, once more (T-1)", "alpha/x", "3\n", in: hive.a)
    #expect(try hive.waitUntilTold(3) == ["committed T-1", "merged T-1", "committed T-1"])
  }

  @Test("A push that the remote refuses is not told")
  func refusedPush() throws {
    let hive = try TrainHive(Self.plan)
    try hive.commit("feat: one (T-1)", "alpha/x", "2\n", in: hive.a)
    #expect(try hive.waitUntilTold(1) == ["committed T-1"])
    try (hive.origin / "hooks/pre-receive").write(Array("#!/bin/sh\nexit 1\n".utf8), permissions: 0o755)
    #expect(try hive.repository.attempt("git", ["push", "--quiet", "origin", "stream/a"], in: hive.a).status != 0)
    #expect(try hive.waitUntilTold(1) == ["committed T-1"])
  }

  @Test("A stream that is blocked again is told again, and in between that it is not")
  func blockedAgain() throws {
    let hive = try TrainHive(Self.plan)
    for _ in 0..<2 {
      _ = try hive.preflight("signal", "blocked", "--on", "T-1", in: hive.b)
      _ = try hive.preflight("signal", "blocked", "--on", "T-1", "-m", "still", in: hive.b)
      _ = try hive.preflight("log", "--drain")
      _ = try hive.preflight("signal", "working", in: hive.b)
      _ = try hive.preflight("log", "--drain")
    }
    #expect(try hive.waitUntilTold(2) == ["blocked T-3", "blocked T-3"])
  }

  @Test("A hook does not wait for what it has told")
  func detached() throws {
    let hive = try TrainHive(
      """
      [notify]
      committed = ["sh", "-c", "while ! test -e @/go; do sleep 0.02; done; echo {issue} >> @/told"]
      """)
    try hive.commit("feat: one (T-1)", "alpha/x", "2\n", in: hive.a)  // would never come back
    #expect(try hive.told().isEmpty)
    try (hive.repository.surroundings / "go").write([])
    #expect(try hive.waitUntilTold(1) == ["T-1"])
  }

  @Test("Commands that nobody has approved are kept, which is said once, and run when they are")
  func trust() throws {
    let hive = try TrainHive(Self.plan)
    hive.repository.environment["PREFLIGHT_TRUST"] = nil
    try hive.commit("feat: one (T-1)", "alpha/x", "2\n", in: hive.a)
    let kept = "5 commands of [notify] kept until they are approved: preflight trust\n"
    #expect(try hive.preflight("status").standardError.contains(kept))
    #expect(try !hive.preflight("status").standardError.contains(kept))
    let queue = try hive.preflight("log", "--queue", "--drain")
    #expect(queue.standardOutput.contains("1 command not run: not approved on this machine"))
    #expect(try hive.told().isEmpty)
    #expect(try hive.preflight("trust", "--yes").status == 0)
    #expect(try hive.waitUntilTold(1) == ["committed T-1"])
  }

  @Test("Whoever runs the queue may be killed at any time: nothing is told twice, and what was cut off is shown")
  func killed() throws {
    let hive = try TrainHive(
      """
      [notify]
      committed = ["sh", "-c", "echo {issue} >> @/told; test {issue} != T-1 || kill -9 $PPID"]
      interval = "1ms"
      """)
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    try hive.repository.commit("feat: two (T-2)", ["alpha/x": "3\n"], in: hive.a)
    #expect(try hive.preflight("log", "--drain").status != 0)
    #expect(try hive.preflight("log", "--drain").status == 0)
    #expect(try hive.told() == ["T-1", "T-2"])
    #expect(
      try hive.preflight("log", "--queue").standardOutput.contains("\ncut off  committed  a       T-1 "))
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(try hive.preflight("log", "--queue", "--json").standardOutput.utf8)) as? [String: Any])
    let states = (json["queue"] as? [[String: Any]])?.map { $0["state"] as? String }
    #expect(states == ["unseen", "done"])
  }

  @Test("Commands that follow a sync wait in the same queue, are named, and run on demand")
  func afterSync() throws {
    let hive = try TrainHive(
      """
      \(TrainHive.afterLockFile)
      [[after-sync]]
      paths = ["Dockerfile"]
      run = ["@/tell", "image"]
      """)
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "2\n"], in: hive.a)
    try hive.commitUnseen("chore: lock", ["package-lock.json": "{}\n"])
    let sync = try hive.preflight("sync", in: hive.repository.path)
    let place = hive.repository.surroundings
    #expect(
      sync.standardError.contains(
        "preflight: to be run in \(hive.repository.path): \(place)/tell install (preflight sync --run)\n"))
    #expect(sync.standardError.contains("preflight: to be run in \(hive.a): \(place)/tell rebuild {stream}"))
    #expect(!sync.standardError.contains("image"))
    #expect(try hive.told().isEmpty)
    #expect(try hive.preflight("sync", "--run", in: hive.repository.path).status == 0)
    #expect(try hive.told() == ["install", "rebuild a", "rebuild b"])
    #expect(try hive.preflight("sync", "--run", in: hive.repository.path).status == 0)
    #expect(try hive.told().count == 3)
  }
}
