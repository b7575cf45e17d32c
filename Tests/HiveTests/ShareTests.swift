import Git
import Platform
import TestSupport
import Testing

@testable import Hive

/// Two clones of one bare repository: two machines.
private final class TwoMachines {
  let origin: TestRepository
  let here: TestRepository
  let there: TestRepository

  init() throws {
    origin = try TestRepository(bare: true)
    let seed = try TestRepository(cloning: origin, name: "seed")
    try seed.commit("chore: start", ["file": "1\n"])
    try seed.git(["push", "--quiet", "origin", "HEAD:refs/heads/main"])
    here = try TestRepository(cloning: origin, name: "here")
    there = try TestRepository(cloning: origin, name: "there")
  }

  func share(_ machine: TestRepository, at now: Int64 = 1000) throws -> HiveShare.Report {
    try HiveShare(machine.hive(at: now), remote: "origin").exchange(by: origin(at: now))
  }

  private func origin(at time: Int64) -> HiveRecord.Origin { HiveTests.origin(at: time) }
}

@Suite("The hive's state on two machines")
struct ShareTests {
  @Test("What one machine says the other sees after both have shared; with nothing said nothing is sent")
  func carried() throws {
    let machines = try TwoMachines()
    var report = try machines.share(machines.here)
    #expect(!report.hasSent && !report.hasReceived && report.trouble == nil)
    #expect(try machines.origin.git(["for-each-ref", "refs/preflight"]) == "")
    try machines.here.hive().say(signal("ws1", .ready, "look"))
    #expect(try HiveShare(machines.here.hive(), remote: "origin").hasNews())
    report = try machines.share(machines.here)
    #expect(report.hasSent && report.trouble == nil)
    #expect(try !HiveShare(machines.here.hive(), remote: "origin").hasNews())
    report = try machines.share(machines.there)
    #expect(report.hasReceived && !report.hasSent)
    #expect(try machines.there.hive().snapshot().signal(of: "ws1") == signal("ws1", .ready, "look"))
    #expect(HiveStore.mayHoldAnything(try machines.there.open().layout), "hooks there learn of it")
    #expect(try machines.here.hive().snapshot().tip == machines.there.hive().snapshot().tip)
  }

  @Test("Both speak, and both are heard, with both histories in the log")
  func merged() throws {
    let machines = try TwoMachines()
    try machines.here.hive().remember("common", "0")
    _ = try machines.share(machines.here)
    _ = try machines.share(machines.there)
    try machines.here.hive().remember("here", "1")
    try machines.there.hive().remember("there", "2")
    _ = try machines.share(machines.here)
    let report = try machines.share(machines.there)
    #expect(report.hasReceived && report.hasSent)
    _ = try machines.share(machines.here)
    for machine in [machines.here, machines.there] {
      #expect(try machine.hive().snapshot().memories().map(\.key) == ["common", "here", "there"])
      #expect(try machine.hive().events().count == 3)
    }
    #expect(try machines.origin.git(["fsck", "--strict"]) == "")
  }

  @Test("Two machines that never met before have their states merged as well")
  func unrelated() throws {
    let machines = try TwoMachines()
    try machines.here.hive().remember("here", "1")
    try machines.there.hive().remember("there", "2")
    _ = try machines.share(machines.here)
    _ = try machines.share(machines.there)
    _ = try machines.share(machines.here)
    #expect(try machines.here.hive().snapshot().memories().map(\.key) == ["here", "there"])
  }

  @Test("Of two machines that claim one path one wins, and the other is told by whom at its next exchange")
  func claimRace() throws {
    let machines = try TwoMachines()
    let path = Array("src".utf8)
    try machines.here.hive().claim([path], for: "ws1", seconds: 3600, text: [], by: origin())
    try machines.there.hive().claim([path], for: "ws2", seconds: 3600, text: [], by: origin())
    #expect(try machines.share(machines.there).lost.isEmpty)
    let report = try machines.share(machines.here)
    #expect(report.lost.map(\.ours.stream) == ["ws1"])
    #expect(report.lost.map(\.theirs.stream) == ["ws2"])
    for machine in [machines.here, machines.there] {
      _ = try machines.share(machine)
      #expect(try machine.hive().claims().map(\.stream) == ["ws2"])
    }
    #expect(try machines.share(machines.here).lost.isEmpty, "told once")
    let lost = try machines.here.hive().events().filter { if case .lost = $0.kind { true } else { false } }
    #expect(lost.count == 1)
  }

  @Test("Many exchanges at once lose nothing", .timeLimit(.minutes(3)))
  func storm() throws {
    let machines = try TwoMachines()
    let clones = try (0..<4).map { try TestRepository(cloning: machines.origin, name: "clone\($0)") }
    for round in 0..<3 {
      for (index, clone) in clones.enumerated() { try clone.hive().remember("k\(round)-\(index)", "v") }
      // All push at the same remote ref, each from its own thread of control.
      let pushes = try clones.map { clone -> ChildProcess in
        let tip = try clone.tip(HiveStore.reference)
        let known = try? clone.tip(HiveShare.trackingReference(of: "origin"))
        return try ChildProcess(
          ProcessRequest(
            "git",
            [
              "push", "--quiet", "--force-with-lease=\(HiveStore.reference):\(known?.description ?? "")", "origin",
              "\(tip):\(HiveStore.reference)",
            ], environment: clone.environment, directory: clone.path))
      }
      #expect(pushes.map { $0.finish().succeeded }.count { $0 } == 1, "the lease lets one through")
      for clone in clones { #expect(try machines.share(clone).trouble == nil) }
    }
    for clone in clones {
      _ = try machines.share(clone)
      #expect(try clone.hive().snapshot().memories().count == 12)
    }
  }

  @Test("Offline everything works, it is known since when, and what was said is carried later")
  func offline() throws {
    let machines = try TwoMachines()
    try machines.here.hive().remember("a", "1")
    _ = try machines.share(machines.here, at: 5000)
    try machines.here.git(["remote", "set-url", "origin", "/nowhere"])
    try machines.here.hive().remember("b", "2")
    guard case .offline(let words)? = try machines.share(machines.here, at: 9000).trouble else {
      Issue.record("it is offline")
      return
    }
    #expect(words.hasPrefix("fatal: '/nowhere' does not appear to be a git repository"))
    #expect(try HiveShare(machines.here.hive(), remote: "origin").lastSeen() == 5000)
    #expect(try machines.here.hive().recall("b") == "2")
    try machines.here.git(["remote", "set-url", "origin", Argument(machines.origin.path)])
    #expect(try machines.share(machines.here).hasSent)
  }

  @Test("A remote that refuses such refs is named once, and tried again at the next exchange only")
  func refusing() throws {
    let machines = try TwoMachines()
    let hook = machines.origin.path / "hooks/update"
    try hook.parent.createDirectories()
    try hook.write(Array("#!/bin/sh\ncase $1 in refs/preflight/*) exit 1;; esac\n".utf8), permissions: 0o755)
    try machines.here.hive().remember("a", "1")
    guard case .refused(let reason, isNew: true)? = try machines.share(machines.here).trouble else {
      Issue.record("it is refused")
      return
    }
    #expect(reason.contains("hook declined"))
    #expect(try machines.share(machines.here).trouble == .refused(reason, isNew: false))
    #expect(try !HiveShare(machines.here.hive(), remote: "origin").hasNews(), "pre-push does not ask in vain")
    try hook.remove()
    #expect(try machines.share(machines.here).hasSent)
  }

  @Test("Something else under the remote's ref is neither taken nor written over")
  func strange() throws {
    let machines = try TwoMachines()
    try machines.there.git(["push", "--quiet", "origin", "HEAD:\(HiveStore.reference)"])
    let tip = try machines.there.tip("HEAD")
    try machines.here.hive().remember("a", "1")
    #expect(try machines.share(machines.here).trouble == .unreadable(.notOurs(tip), isRemote: true))
    #expect(try machines.origin.tip(HiveStore.reference) == tip)
    #expect(try machines.here.hive().recall("a") == "1")
  }

  @Test("A remote that has lost the state is given it again")
  func lostByRemote() throws {
    let machines = try TwoMachines()
    try machines.here.hive().remember("a", "1")
    _ = try machines.share(machines.here)
    try machines.origin.git(["update-ref", "-d", Argument(HiveStore.reference)])
    #expect(try machines.share(machines.here).hasSent)
    #expect(try machines.origin.tip(HiveStore.reference) == machines.here.tip(HiveStore.reference))
  }
}
