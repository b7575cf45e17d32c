import Git
import Inspection
import Landing
import Plan
import Platform
import StateFiles
import Sync
import TestSupport
import Testing

@Suite("The merge train")
struct MergeTrainTests {
  private func train(
    _ hive: LandingHive, _ change: (inout MergeTrain.Options) -> Void = { $0.takesAll = true },
    check: @escaping (MergeTrain.Site) throws -> Bool = { _ in true }
  ) throws -> MergeTrain {
    var options = MergeTrain.Options()
    change(&options)
    return MergeTrain(
      try hive.situation(in: hive.repository.path).repository.layout, names: hive.names,
      environment: hive.repository.environment, options: options,
      open: { try hive.situation(in: hive.repository.path) }, openAt: { try hive.situation(in: $0.path) },
      check: check, notify: {})
  }

  private func twoStreams(_ more: String = "") throws -> LandingHive {
    let hive = try LandingHive(more)
    try hive.repository.commit("feat: one (T-1)", ["alpha": "2\n"], in: hive.a)
    try hive.repository.commit("feat: two (T-2)", ["alpha": "3\n"], in: hive.a)
    try hive.repository.commit("feat: three (T-3)", ["beta": "2\n"], in: hive.b)
    return hive
  }

  private func subjects(_ hive: LandingHive) throws -> [String] {
    try hive.repository.git(["log", "--first-parent", "--format=%s", "main"]).split(separator: "\n").map(String.init)
  }

  @Test("All that may merge is merged in the order of dependencies, each checked on the tree that lands")
  func all() throws {
    let hive = try twoStreams()
    var checked: [String] = []
    var trees: [ObjectID] = []
    func check(_ site: MergeTrain.Site) throws -> Bool {
      checked.append(site.stream.id)
      let tip = try hive.repository.tip("HEAD", in: site.worktree.path)
      trees.append(try hive.repository.open().commit(tip).tree)
      return true
    }
    var landed: [ObjectID] = []
    let ending = try train(hive, check: check).run { event in
      if case .merged(_, _, let to) = event { landed.append(try hive.repository.open().commit(to).tree) }
    }
    #expect(landed == trees)
    #expect(ending.stop == nil)
    #expect(ending.merged == ["a", "b"] && checked == ["a", "b"])
    #expect(try subjects(hive) == ["Merge branch 'stream/b'", "Merge branch 'stream/a'", "chore: plan"])
    #expect(try hive.repository.read("alpha") == "3\n")
    #expect(try hive.repository.git(["status", "--porcelain"]) == "")
    #expect(try hive.repository.git(["ls-remote", "origin", "main"]).hasPrefix("\(hive.repository.tip("main~2"))"))
  }

  @Test("A stream that was named and conflicts only as a sync replays it stops the train as a conflict")
  func namedConflict() throws {
    let hive = try LandingHive()
    try hive.repository.commit("feat: one (T-1)", ["alpha": "2\n"], in: hive.a)
    try hive.repository.commit("feat: two (T-2)", ["a": "2\n"], in: hive.a)
    try hive.repository.commit("feat: three (T-3)", ["alpha": "9\n"], in: hive.b)
    try hive.repository.commit("fix: three (T-3)", ["alpha": "1\n", "beta": "2\n"], in: hive.b)
    let ending = try train(hive) { $0.streams = ["a", "b"] }.run { _ in }
    #expect(ending.merged == ["a"])
    #expect(ending.stop == .conflicts(["b"]))
  }

  @Test("The kind of the plan decides what a stream becomes on trunk", arguments: Plan.MergeKind.allCases)
  func kinds(_ kind: Plan.MergeKind) throws {
    let hive = try twoStreams("[merge]\nkind = \"\(kind.rawValue)\"")
    #expect(try train(hive).run { _ in }.merged == ["a", "b"])
    switch kind {
    case .merge: #expect(try subjects(hive) == ["Merge branch 'stream/b'", "Merge branch 'stream/a'", "chore: plan"])
    case .squash:
      #expect(try subjects(hive) == ["feat: three (T-3)", "feat: a", "chore: plan"])
      #expect(
        try hive.repository.git(["log", "-1", "--format=%b", "main~1"])
          == "- feat: one (T-1)\n- feat: two (T-2)\n\nRefs: T-1, T-2")
    case .rebase:
      #expect(try subjects(hive) == ["feat: three (T-3)", "feat: two (T-2)", "feat: one (T-1)", "chore: plan"])
    }
    let done = try hive.situation(in: hive.a).ledger()
    #expect(done.done == ["T-1", "T-2", "T-3"] && done.mergedStreams == ["a", "b"])
  }

  @Test("Without --all one stream is merged; a stream that was named and may not merge stops it")
  func one() throws {
    let hive = try twoStreams()
    #expect(try train(hive, { $0.streams = ["b"] }).run { _ in }.stop == .notNext("b"))
    #expect(try train(hive, { _ in }).run { _ in }.merged == ["a"])
    #expect(try train(hive, { $0.streams = ["b"] }).run { _ in }.merged == ["b"])
  }

  @Test("A red check stops the train with trunk where it was, a conflict likewise")
  func stops() throws {
    let hive = try twoStreams()
    let before = try hive.repository.tip("main")
    #expect(try train(hive, check: { _ in false }).run { _ in }.stop == .findings("a"))
    #expect(try hive.repository.tip("main") == before)
    try hive.repository.commit("feat: more (T-3)", ["alpha": "9\n"], in: hive.b)
    let ending = try train(hive).run { _ in }
    #expect(ending.merged == ["a"])
    #expect(ending.stop == .conflicts(["b"]))
  }

  @Test("A stream that shares no history with trunk stops the train, and is named")
  func unrelated() throws {
    let hive = try twoStreams()
    let tip = try hive.repository.git(["commit-tree", "stream/a^{tree}", "-m", "feat: alone (T-1)"])
    try hive.repository.git(["reset", "--quiet", "--soft", Argument(tip)], in: hive.a)
    let before = try hive.repository.tip("main")
    #expect(try train(hive, { $0.streams = ["a"] }).run { _ in }.stop == .left("a", .unrelated))
    #expect(try hive.repository.tip("main") == before)
  }

  @Test(
    "A stream whose worktree a sync has to leave is checked on the merged tree, in a worktree that is gone afterwards")
  func heldBack() throws {
    let hive = try twoStreams()
    try hive.repository.commit("feat: trunk", ["other": "1\n"])
    try Hold(try #require(try hive.repository.open().layout.worktrees().first { $0.path == hive.a })).place(
      reason: "demo")
    var seen: [String] = []
    func check(_ site: MergeTrain.Site) throws -> Bool {
      seen.append("\(site.isScratch) \(try hive.repository.read("other", in: site.worktree.path))")
      return true
    }
    let ending = try train(hive, { $0.streams = ["a"] }, check: check).run { _ in }
    #expect(ending.merged == ["a"])
    #expect(seen == ["true 1\n"])
    #expect(try hive.repository.open().layout.worktrees().count == 3)
    #expect(try hive.repository.read("alpha") == "3\n")
  }

  @Test("Uncommitted work in trunk's own worktree is kept, and stops the merge where it is in the way")
  func trunkWork() throws {
    let hive = try twoStreams()
    try hive.repository.write("shared", "mine\n")
    #expect(try train(hive, { _ in }).run { _ in }.merged == ["a"])
    #expect(try hive.repository.read("shared") == "mine\n")
    try hive.repository.write("beta", "mine\n")
    let tip = try hive.repository.tip("main")
    let ending = try train(hive, { _ in }).run { _ in }
    guard case .trunkStopped(hive.repository.path, let paths)? = ending.stop else {
      Issue.record("\(String(describing: ending.stop))")
      return
    }
    #expect(paths.map(\.path) == [Array("beta".utf8)])
    #expect(try hive.repository.tip("main") == tip)
    #expect(try hive.repository.read("beta") == "mine\n")
  }

  @Test("Where the plan has a command it merges, on the remote say; what it did not merge is not taken for merged")
  func command() throws {
    let hive = try twoStreams(
      """
      [merge]
      run = ["sh", "-c", "git push -q origin {branch}:main && echo {stream} >> @/noted"]
      """)
    let ending = try train(hive).run { _ in }
    #expect(ending.stop == nil && ending.merged == ["a", "b"])
    #expect(try hive.noted() == ["a", "b"])
    let lazy = try twoStreams("[merge]\nrun = [\"true\"]")
    #expect(try train(lazy).run { _ in }.stop == .notLanded("a"))
    let failing = try twoStreams("[merge]\nrun = [\"false\"]")
    #expect(try train(failing).run { _ in }.stop == .commandFailed("a", status: 1))
  }

  @Test("Killed after any event and run again, it ends as if it had not been", arguments: 0..<8, [false, true])
  func killed(after count: Int, withCommand: Bool) throws {
    let hive = try twoStreams(
      withCommand
        ? "[merge]\nrun = [\"sh\", \"-c\", \"git push -q origin {branch}:main && echo {stream} >> @/noted\"]" : "")
    var left = count
    do {
      _ = try train(hive).run { _ in
        if left == 0 { throw Killed() }
        left -= 1
      }
    } catch is Killed {}
    let ending = try train(hive).run { _ in }
    #expect(ending.stop == nil)
    let done = try hive.situation(in: hive.a).ledger()
    #expect(done.mergedStreams == ["a", "b"])
    if withCommand {
      #expect(try hive.noted() == ["a", "b"])
    } else {
      #expect(try subjects(hive) == ["Merge branch 'stream/b'", "Merge branch 'stream/a'", "chore: plan"])
    }
  }

  @Test("With --push the remote decides first: what it refuses is not merged here either")
  func pushing() throws {
    let hive = try twoStreams()
    let hook = hive.repository.surroundings / "origin.git/hooks/pre-receive"
    try hook.write(Array("#!/bin/sh\nexit 1\n".utf8), permissions: 0o755)
    let tip = try hive.repository.tip("main")
    #expect(try train(hive, { $0.pushesTrunk = true }).run { _ in }.stop == .trunkPushRefused(status: 1))
    #expect(try hive.repository.tip("main") == tip)
    try hook.remove()
    #expect(try train(hive, { ($0.takesAll, $0.pushesTrunk) = (true, true) }).run { _ in }.merged == ["a", "b"])
    #expect(try hive.repository.git(["ls-remote", "origin", "main"]).hasPrefix("\(hive.repository.tip("main"))"))
  }

  @Test(
    "The forecast replays commit by commit, as the train does: tips alone told both of these wrongly",
    arguments: [true, false])
  func forecastByReplay(conflicts: Bool) throws {
    let hive = try twoStreams()
    if conflicts {
      // Changed and changed back: the tips merge, the first commit does not go onto the other stream.
      try hive.repository.commit("feat: one (T-1)", ["shared": "z\n"], in: hive.a)
      try hive.repository.commit("feat: two (T-3)", ["shared": "x\n"], in: hive.b)
      try hive.repository.commit("fix: back (T-3)", ["shared": "1\n", "beta": "9\n"], in: hive.b)
    } else {
      // Both have one commit, and one of them goes on from there.
      try hive.repository.commit("feat: one (T-1)", ["shared": "2\n"], in: hive.a)
      try hive.repository.commit("feat: two (T-3)", ["shared": "2\n"], in: hive.b)
      try hive.repository.commit("fix: on (T-3)", ["shared": "3\n"], in: hive.b)
    }
    let before = try hive.repository.git(["count-objects", "-v"])
    let forecast = try TrainForecast(hive.situation(in: hive.a), environment: hive.repository.environment)
    #expect(try hive.repository.git(["count-objects", "-v"]) == before)
    #expect(forecast.stops.map(\.stream) == ["a", "b"])
    let second = conflicts ? TrainForecast.Prediction.conflict([Array("shared".utf8)], with: ["a"]) : .clean
    #expect(forecast.stops.map(\.prediction) == [.clean, second])
    let ending = try train(hive, { $0.takesAll = true }).run { _ in }
    #expect(ending.merged == (conflicts ? ["a"] : ["a", "b"]))
    #expect(ending.stop == (conflicts ? .conflicts(["b"]) : nil))
  }

  @Test("A branch that no worktree has is forecast as the train merges it: as it is, at its turn")
  func forecastWithoutWorktrees() throws {
    let hive = try twoStreams()
    try hive.repository.commit("feat: more (T-1)", ["shared": "a\n"], in: hive.a)
    try hive.repository.commit("feat: more (T-3)", ["shared": "b\n"], in: hive.b)
    for place in [hive.a, hive.b] { try hive.repository.git(["worktree", "remove", Argument(place)]) }
    let forecast = try TrainForecast(hive.situation(in: hive.repository.path), environment: hive.repository.environment)
    #expect(forecast.stops.map(\.prediction) == [.clean, .conflict([Array("shared".utf8)], with: ["a"])])
    let ending = try train(hive, { $0.takesAll = true }).run { _ in }
    #expect(ending.merged == ["a"])
    #expect(ending.stop != nil)
  }

  @Test("The forecast is the train that then goes, with the conflict that will stop it")
  func forecast() throws {
    let hive = try twoStreams()
    func forecast() throws -> TrainForecast {
      try TrainForecast(hive.situation(in: hive.a), environment: hive.repository.environment)
    }
    #expect(try forecast().stops.map(\.stream) == ["a", "b"])
    #expect(try forecast().stops.map(\.prediction) == [.clean, .clean])
    try hive.repository.commit("feat: more (T-3)", ["alpha": "9\n"], in: hive.b)
    #expect(try forecast().stops.map(\.prediction) == [.clean, .conflict([Array("alpha".utf8)], with: ["a"])])
    #expect(try forecast().firstBreak?.stream == "b")
  }
}
