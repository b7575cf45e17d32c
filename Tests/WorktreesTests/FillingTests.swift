import Checks
import Git
import Platform
import Sync
import TestSupport
import Testing

@testable import Worktrees

@Suite("Filling worktrees")
struct FillingTests {
  @Test("Links lead to the main worktree's files, and never take the place of anything")
  func links() throws {
    let grove = try Grove()
    grove.plan.worktree.links = [".env", "deep/.env", "none", "file", "made/.env", "link/.env"]
    for path in [".env", "deep/.env", "made/.env", "link/.env"] {
      if path == "link/.env" { try (grove.repository.path / "link").remove() }
      try grove.repository.write(path, "main's \(path)\n")
    }
    try grove.up("a")
    #expect(try grove.repository.read(".env", in: grove.place("a")) == "main's .env\n")
    #expect(try grove.repository.read("deep/.env", in: grove.place("a")) == "main's deep/.env\n")
    #expect((grove.place("a") / ".env").linkTarget() == "../../repository/.env")
    #expect(try grove.repository.read("file", in: grove.place("a")) == "1\n", "a tracked file stays")
    let report = try grove.up("a")
    #expect(
      report["a"].links.map(\.outcome) == [
        .present, .present, .missing, .occupied, .present, report["a"].links[5].outcome,
      ])
    #expect(!report["a"].isWhole, "'link' is a file of this branch: \(report["a"].links[5])")
  }

  @Test("A link is not made through a symbolic link that leads out of the worktree")
  func linkElsewhere() throws {
    let grove = try Grove()
    let outside = grove.repository.surroundings / "outside"
    try outside.createDirectories()
    try (grove.repository.path / "deep/away").createLink(to: outside)
    try grove.repository.git(["add", "--all"])
    try grove.repository.commit("feat: a link")
    grove.plan.worktree.links = ["deep/away/.env"]
    try (outside / ".env").write([])
    try grove.up("a")
    try (outside / ".env").remove()
    let main = grove.repository.path / "deep/away"
    try main.remove()
    try grove.repository.write("deep/away/.env", "secret\n")
    let report = try grove.up("b")
    #expect(report["b"].links.map(\.outcome) == [.leadsElsewhere])
    let left = try outside.entries()
    #expect(left.isEmpty)
  }

  @Test("A link that a directory's pattern does not ignore is named")
  func untrackedLink() throws {
    let grove = try Grove()
    try grove.repository.commit("chore: ignore", [".gitignore": "node_modules/\n.env\n"])
    try grove.repository.write("node_modules/x", "x\n")
    try grove.repository.write(".env", "x\n")
    grove.plan.worktree.links = ["node_modules/", ".env"]
    let report = try grove.up("a")
    #expect(report["a"].links.map(\.outcome) == [.made, .made])
    #expect(report["a"].links.map(\.isUntracked) == [true, false])
  }

  @Test("Setup runs in its order, in the worktree, with its stream, its worktree and its slot, and its output is kept")
  func setup() throws {
    let grove = try Grove()
    grove.plan.worktree.setup = [
      [
        "sh", "-c",
        "echo one; pwd >&2; echo $PREFLIGHT_STREAM $PREFLIGHT_SLOT; test \"$PREFLIGHT_WORKTREE\" = \"$PWD\"",
      ],
      [
        "test", "{stream} {branch} {worktree} {base}", "=",
        "a topic/a \(grove.place("a")) \(try grove.repository.tip("main"))",
      ],
    ]
    let report = try grove.up("a")
    #expect(report["a"].setup == .done(ran: 2), "\(report["a"])")
    let log = try grove.layout(grove.place("a")).worktreeStateDirectory / "setup.log"
    let lines = String(decoding: try log.contents(), as: UTF8.self).split(separator: "\n")
    #expect(lines.dropFirst().prefix(3) == ["one", "\(grove.place("a"))", "a 1"], "\(lines)")
    #expect(lines[4].hasPrefix("$ test "))
  }

  @Test("A setup that failed goes on with the command that failed, once it is mended; what has run is not run again")
  func failedSetup() throws {
    let grove = try Grove()
    let count = grove.repository.surroundings / "count"
    let gate = grove.repository.surroundings / "gate"
    grove.plan.worktree.setup = [
      ["sh", "-c", "echo x >> '\(count)'"], ["test", "-e", "\(gate)"], ["sh", "-c", "echo y >> '\(count)'"],
    ]
    let report = try grove.up("a")
    guard case .failed(let command, let reason, let output) = report["a"].setup else {
      Issue.record("\(report["a"])")
      return
    }
    #expect(command == ["test", "-e", "\(gate)"] && reason == "exit status 1" && output.exists)
    #expect(!report["a"].isWhole)
    try gate.write([])
    let again = try grove.up("a")
    #expect(again["a"].outcome == .finished(.setup) && again["a"].setup == .done(ran: 2))
    #expect(String(decoding: try count.contents(), as: UTF8.self) == "x\ny\n")
    #expect(try grove.up("a")["a"].outcome == .present)
  }

  @Test("A command that comes to the plan later is what is missing, and nothing else")
  func laterSetup() throws {
    let grove = try Grove()
    grove.plan.worktree.setup = [["true"]]
    try grove.up("a")
    grove.plan.worktree.setup.append(["echo", "later"])
    #expect(try grove.up("a")["a"].setup == .done(ran: 1))
  }

  @Test("Nothing of a setup runs that is not approved on this machine, and the worktree is there all the same")
  func untrusted() throws {
    let grove = try Grove()
    grove.repository.environment["PREFLIGHT_TRUST"] = nil
    grove.plan.worktree.setup = [["touch", "approved"], ["touch", "other"]]
    var trust = try grove.trust()
    try trust.approve([TrustedCommand("worktree.setup", ["touch", "approved"])])
    let report = try grove.up("a")
    #expect(report["a"].setup == .notApproved(1) && !report["a"].isWhole)
    #expect(!(grove.place("a") / "approved").exists)
    #expect(try grove.repository.git(["status", "--porcelain"], in: grove.place("a")) == "")
  }

  @Test("A program that is not there is a sentence with its name")
  func noProgram() throws {
    let grove = try Grove()
    grove.plan.worktree.setup = [["no-such-program"]]
    guard case .failed(_, let reason, _) = try grove.up("a")["a"].setup else {
      Issue.record("it did not fail")
      return
    }
    #expect(reason == "cannot start 'no-such-program': No such file or directory")
  }

  @Test("A setup that outlives a killed maker is not started a second time")
  func orphan() throws {
    let grove = try Grove()
    grove.plan.worktree.setup = [["sleep", "0.01"]]
    try grove.up("a")
    let state = try grove.layout(grove.place("a")).worktreeStateDirectory
    let orphan = try ChildProcess(ProcessRequest("sleep", ["60"], directory: grove.place("a")))
    defer {
      orphan.kill(signal: 9)
      _ = orphan.finish()
    }
    // As a maker that was killed leaves it.
    try (state / "setup").write([])
    try (state / "setup.lock").write(Array("\(orphan.id) setup\n".utf8))
    #expect(try grove.up("a")["a"].setup == .running(process: orphan.id))
    #expect(try grove.up("a")["a"].setup == .running(process: orphan.id), "asked again")
    orphan.kill(signal: 9)
    _ = orphan.finish()
    #expect(try grove.up("a")["a"].setup == .done(ran: 1))
  }

  @Test("A signal ends what runs, starts nothing more, and the next run goes on")
  func interrupted() throws {
    let grove = try Grove()
    let gate = grove.repository.surroundings / "gate"
    grove.plan.worktree.setup = [["sh", "-c", "test -e '\(gate)' || exec sleep 60"], ["touch", "second.log"]]
    var polls = 0
    let report = try grove.making().run(grove.plan.streams) {
      polls += 1
      return polls > 3 ? Interruption(signal: 15) : nil
    }
    #expect(report.signal == 15)
    #expect(report.entries.allSatisfy { $0.setup == .interrupted && !$0.isWhole }, "\(report)")
    try gate.write([])
    let again = try grove.up()
    #expect(again.entries.allSatisfy { $0.setup == .done(ran: 2) }, "\(again)")
    #expect(again.entries.contains { $0.outcome == .finished(.setup) }, "what had begun is named")
  }

  @Test("Until setup has ended no sync moves the worktree")
  func busyMeanwhile() throws {
    let grove = try Grove()
    grove.plan.worktree.setup = [["sleep", "30"]]
    var seen: String?
    _ = try grove.making().run(
      [grove.plan.streams[0]],
      interruption: {
        guard let worktree = (try? grove.layout(grove.place("a")).worktree()).flatMap({ $0 }),
          let activity = (try? Activity.current(in: worktree)).flatMap({ $0 })
        else { return nil }
        seen = activity
        return Interruption(signal: 15)
      })
    #expect(seen == "setup")
  }
}
