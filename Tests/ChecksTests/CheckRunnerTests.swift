import Foundation
import Git
import Platform
import Testing

@testable import Checks

private let tree = ObjectID(hex: String(repeating: "1", count: 40))!  // 40 digits are an object's name

@Suite("Running checks", .timeLimit(.minutes(2)))
struct CheckRunnerTests {
  private func shell(
    _ name: String, _ script: String, in directory: FilePath, lock: String? = nil, timeout: Double = 60
  ) -> CheckRequest {
    CheckRequest(
      name, ["/bin/sh", "-c", script, "sh", "{worktree}"], in: Placeholders(worktree: directory), environment: .current,
      lock: lock, timeout: timeout)
  }

  private func run(
    _ requests: [CheckRequest], in directory: FilePath, _ adjust: (inout CheckRunner) -> Void = { _ in }
  ) -> (results: [CheckResult], events: [CheckEvent]) {
    var runner = CheckRunner(state: StateDirectory(path: directory / "state"))
    runner.width = 2
    runner.grace = 0.5
    runner.interruption = { nil }  // tests run side by side: a signal to one would be one to all
    adjust(&runner)
    var events: [CheckEvent] = []
    let report = runner.run(requests) { if $0 != .tick { events.append($0) } }
    #expect(report.signal == nil)
    return (report.results, events)
  }

  @Test("Results come in the order of the requests, with both streams in the order in which they were written")
  func results() throws {
    try withTemporaryDirectory { directory in
      let requests = [
        shell("slow", "sleep 0.3; echo out; echo err >&2; pwd", in: directory),
        shell("bad", "exit 3", in: directory),
        shell("shot", "kill -KILL $$", in: directory),
      ]
      let (results, events) = run(requests, in: directory)
      #expect(results.map(\.name) == ["slow", "bad", "shot"])
      #expect(results.map(\.status) == [.passed, .failed(exitStatus: 3), .killed(signal: 9)])
      #expect(results[0].output == Array("out\nerr\n\(directory)\n".utf8))
      #expect(results.allSatisfy { $0.seconds != nil })
      #expect(events.contains(.queued(check: "shot")))
      #expect(events.count { if case .finished = $0 { true } else { false } } == 3)
    }
  }

  @Test("Checks run side by side, but no more than there is room for")
  func width() throws {
    try withTemporaryDirectory { directory in
      // Each waits for the other to have started, which only works side by side.
      func meeting(_ own: String, _ other: String) -> CheckRequest {
        let script =
          ": >\(own); i=0; while ! test -e \(other); do i=$((i+1)); test $i -gt 500 && exit 1; sleep 0.05; done"
        return shell(own, script, in: directory)
      }
      #expect(run([meeting("a", "b"), meeting("b", "a")], in: directory).results.allSatisfy { $0.status == .passed })

      let alone = "mkdir busy || exit 1; sleep 0.1; rmdir busy"
      let requests = (1...4).map { shell("alone \($0)", alone, in: directory) }
      #expect(run(requests, in: directory) { $0.width = 1 }.results.allSatisfy { $0.status == .passed })
    }
  }

  @Test("Checks with one lock run one at a time, and it is said for whom the other waits")
  func lock() throws {
    try withTemporaryDirectory { directory in
      let script = "mkdir busy || exit 1; sleep 0.3; rmdir busy"
      let requests = ["a", "b", "c"].map { shell($0, script, in: directory, lock: "docker/x") }
      let before = Clock.now()
      let (results, events) = run(requests, in: directory) { $0.width = 3 }
      #expect(results.map(\.status) == [.passed, .passed, .passed])
      let holders = events.compactMap { event -> CheckLockHolder? in
        if case .waiting("b", "docker/x", let holder) = event { holder } else { nil }
      }
      let holder = try #require(holders.first)
      #expect(holder.check == "a" && holder.worktree == directory && holder.process == CurrentProcess.id)
      #expect(holder.since >= before && holder.since <= Clock.now())
    }
  }

  @Test("A lock is held across processes, whichever worktree they are in")
  func lockAcrossProcesses() throws {
    try withTemporaryDirectory { directory in
      let state = StateDirectory(path: directory / "state")
      let path = try CheckLocks(in: state).path(of: "docker")
      let script = #"exec 9>"$1"; flock 9; : >"$2"; sleep 1; : >"$3""#
      let words = [path, directory / "taken", directory / "released"].map { Argument($0) }
      let other = try ChildProcess(ProcessRequest("/bin/sh", ["-c", Argument(script), "sh"] + words))
      while !(directory / "taken").exists { Clock.sleep(seconds: 0.01) }
      let (results, events) = run([shell("a", "test -e released", in: directory, lock: "docker")], in: directory)
      #expect(results.map(\.status) == [.passed])
      #expect(events.first == .waiting(check: "a", lock: "docker", holder: nil))
      _ = other.finish()
    }
  }

  @Test("A lock's name is never a path, however long or odd it is")
  func lockNames() throws {
    try withTemporaryDirectory { directory in
      let locks = try CheckLocks(in: StateDirectory(path: directory))
      let names = ["docker", "../../etc/x", "a b", "", ".", String(repeating: "ü", count: 300)]
      let paths = names.map { locks.path(of: $0) }
      #expect(Set(paths).count == names.count)
      #expect(paths.allSatisfy { $0.parent == directory / "locks" && $0.lastComponent.bytes.count < 255 })
    }
  }

  @Test("Without a state directory a check with a lock says why it cannot start, the others run")
  func noStateDirectory() throws {
    try withTemporaryDirectory { directory in
      let requests = [shell("a", "exit 0", in: directory, lock: "docker"), shell("b", "exit 0", in: directory)]
      var runner = CheckRunner(state: nil)
      runner.interruption = { nil }
      let report = runner.run(requests) { _ in }
      #expect(
        report.results.map(\.status) == [.couldNotStart(StateDirectory.Missing().description), .passed])
    }
  }

  @Test("A time-out kills the whole group, and only of that check")
  func timeout() throws {
    try withTemporaryDirectory { directory in
      let stubborn = "trap '' TERM; (trap '' TERM; exec sleep 60) & echo $! >pid; while :; do sleep 1; done"
      let requests = [
        shell("stubborn", stubborn, in: directory, timeout: 0.5), shell("patient", "sleep 1", in: directory),
      ]
      let (results, _) = run(requests, in: directory)
      #expect(results.map(\.status) == [.timedOut(seconds: 0.5), .passed])
      try expectGone(directory / "pid")
    }
  }

  @Test("What a check leaves behind in its process group ends with it")
  func leftovers() throws {
    try withTemporaryDirectory { directory in
      let (results, _) = run([shell("a", "(trap '' TERM; exec sleep 60) & echo $! >pid", in: directory)], in: directory)
      #expect(results.map(\.status) == [.passed])
      try expectGone(directory / "pid")
    }
  }

  @Test("An interruption stops the whole group of what runs, and starts nothing more", arguments: [false, true])
  func interruption(isRepeated: Bool) throws {
    try withTemporaryDirectory { directory in
      let requests = [
        shell("running", "trap '' TERM; (trap '' TERM; exec sleep 60) & echo $! >pid; : >started; wait", in: directory),
        shell("waiting", ": >ran", in: directory),
      ]
      var runner = CheckRunner(state: nil)
      runner.width = 1
      runner.grace = isRepeated ? 3600 : 0.3
      runner.interruption = {
        (directory / "started").exists ? Interruption(signal: SIGINT, isRepeated: isRepeated) : nil
      }
      let report = runner.run(requests) { _ in }
      #expect(report.signal == SIGINT)
      #expect(report.results.map(\.status) == [.interrupted, .interrupted])
      #expect(!(directory / "ran").exists)
      try expectGone(directory / "pid")
    }
  }

  @Test("Of a flood of output the end is kept")
  func flood() throws {
    try withTemporaryDirectory { directory in
      let (results, _) = run([shell("a", "head -c 500000 /dev/zero; printf end", in: directory)], in: directory) {
        $0.outputLimit = 1000
      }
      #expect(results[0].output.count == 1000)
      #expect(results[0].output.suffix(3) == Array("end".utf8))
      #expect(results[0].omittedOutput == 499_003)
    }
  }

  @Test("A check has no input to wait for and no terminal to ask on")
  func noInput() throws {
    try withTemporaryDirectory { directory in
      let script = "read line && exit 1; (: </dev/tty) 2>/dev/null && exit 2; exit 0"
      #expect(run([shell("a", script, in: directory)], in: directory).results.map(\.status) == [.passed])
    }
  }

  @Test("What cannot start says why")
  func cannotStart() throws {
    try withTemporaryDirectory { directory in
      var missing = shell("missing", "", in: directory)
      missing.command = ["no-such-program"]
      var unfilled = shell("unfilled", "", in: directory)
      unfilled.command = ["echo", "{stream}"]
      let vanished = shell("vanished", "exit 0", in: directory / "gone")
      #expect(
        run([missing, unfilled, vanished], in: directory).results.map(\.status) == [
          .couldNotStart("cannot start 'no-such-program': No such file or directory"),
          .couldNotStart("'{stream}' stands for nothing here"),
          .couldNotStart("cannot start '\(directory)/gone': No such file or directory"),
        ])
    }
  }

  @Test("What is decided before is reported and not run")
  func foregone() throws {
    try withTemporaryDirectory { directory in
      var request = shell("a", ": >ran", in: directory)
      request.foregone = .notTrusted
      #expect(run([request], in: directory).results == [CheckResult("a", .notTrusted)])
      #expect(!(directory / "ran").exists)
    }
  }

  @Test("A pass on a clean tree is remembered, and run again when asked")
  func memory() throws {
    try withTemporaryDirectory { directory in
      var request = shell("a", "echo x >>ran", in: directory)
      request.tree = tree
      func ranCount() -> Int { ((try? (directory / "ran").contents()) ?? []).count / 2 }
      func adjust(_ runner: inout CheckRunner) {
        runner.memory = ResultMemory(common: directory)
        runner.currentTree = { _ in tree }
      }
      #expect(run([request], in: directory, adjust).results[0].status == .passed)
      guard case .remembered = run([request], in: directory, adjust).results[0].status else {
        Issue.record("not remembered")
        return
      }
      #expect(ranCount() == 1)
      let again = run([request], in: directory) {
        adjust(&$0)
        $0.trustsMemory = false
      }
      #expect(again.results[0].status == .passed)
      #expect(ranCount() == 2)
    }
  }

  @Test("A failure, and a pass on a tree that was edited meanwhile, are not remembered")
  func notRemembered() throws {
    try withTemporaryDirectory { directory in
      let memory = ResultMemory(common: directory)
      var failing = shell("failing", "exit 1", in: directory)
      failing.tree = tree
      var edited = shell("edited", "exit 0", in: directory)
      edited.tree = tree
      _ = run([failing], in: directory) {
        $0.memory = memory
        $0.currentTree = { _ in tree }
      }
      _ = run([edited], in: directory) {
        $0.memory = memory
        $0.currentTree = { _ in nil }
      }
      #expect(memory.pass(of: failing) == nil)
      #expect(memory.pass(of: edited) == nil)
    }
  }
}

/// The process whose id is in `file` is gone, or dead and not yet waited for.
private func expectGone(_ file: FilePath) throws {
  let text = String(decoding: try file.contents(), as: UTF8.self)
  let id = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  let until = Clock.monotonic() + 10
  while Clock.monotonic() < until {
    let state = try FilePath("/proc/\(id)/stat").contentsIfPresent() ?? []
    if kill(id, 0) != 0 || String(decoding: state, as: UTF8.self).contains(") Z ") { return }
    Clock.sleep(seconds: 0.02)
  }
  Issue.record("process \(id) is still there")
}
