import Foundation
import Platform
import TestSupport
import Testing

@Suite("What streams say, on two machines")
struct HiveShareTests {
  /// Two clones with the plan, each on a branch of its own; armed, so that their pushes run our hooks.
  private func machines(plan: String = PlannedHive.plan) throws -> (origin: TestRepository, [TestRepository]) {
    let origin = try TestRepository(bare: true)
    let seed = try TestRepository(cloning: origin, name: "seed")
    try seed.commit("chore: plan", ["preflight.toml": plan, "alpha/x": "x\n", "beta/y": "y\n"])
    try seed.git(["push", "--quiet", "origin", "HEAD:refs/heads/main"])
    let clones = try ["a", "b"].map { name in
      let clone = try TestRepository(cloning: origin, name: name, options: ["--branch=main"])
      try clone.git(["switch", "--quiet", "--no-track", "-c", "stream/\(name)"])
      clone.environment["PATH"] = try BuiltProducts.directory().description + ":" + (clone.environment["PATH"] ?? "")
      #expect(try clone.preflight("install").status == 0)
      return clone
    }
    return (origin, clones)
  }

  @Test("A sync carries it, and whoever claimed second is told by whom")
  func sync() throws {
    let (_, clones) = try machines()
    #expect(try clones[0].preflight("claim", "src", "--for", "1h").status == 0)
    #expect(try clones[1].preflight("claim", "src/x", "--for", "1h").status == 0)
    #expect(try clones[0].preflight("sync").standardError == "")
    #expect(
      try clones[1].preflight("sync").standardError
        == "preflight: the claim of b on 'src/x' is lost: a was first, and holds it for another 1 h\n")
    #expect(try clones[1].preflight("sync").standardError == "")
    #expect(try clones[1].preflight("claim", "src/x").standardError.hasPrefix("error: 'src/x' is claimed by a (Alpha)"))
    #expect(try clones[0].preflight("log").standardOutput.contains("claimed src for 1 h"))
  }

  @Test("A push takes it along, and 'share = false' keeps it at home", arguments: [true, false])
  func push(isShared: Bool) throws {
    let (origin, clones) = try machines(plan: PlannedHive.plan + "\n[hive]\nshare = \(isShared)\n")
    #expect(try clones[0].preflight("signal", "ready", "-m", "look").status == 0)
    try clones[0].commit("feat: one (T-1)", ["alpha/x": "1\n"])
    try clones[0].git(["push", "--quiet", "origin", "stream/a"])
    #expect(try origin.git(["for-each-ref", "refs/preflight"]).isEmpty == !isShared)
    #expect(try clones[1].preflight("sync").status == 0)
    #expect(try clones[1].preflight("log").standardOutput.contains("ready: look") == isShared)
  }

  @Test("Two machines that sync at once lose nothing", .timeLimit(.minutes(3)))
  func race() throws {
    let (_, clones) = try machines()
    let program = try BuiltProducts.executable("preflight")
    for round in 0..<4 {
      for (index, clone) in clones.enumerated() {
        #expect(try clone.preflight("memory", "set", "k\(round)-\(index)", "v").status == 0)
      }
      let syncs = try clones.map { clone in
        try ChildProcess(
          ProcessRequest(program, ["sync"], environment: clone.environment, directory: clone.path))
      }
      for sync in syncs {
        let result = sync.finish()
        #expect(result.succeeded && result.error.isEmpty, "\(String(decoding: result.error, as: UTF8.self))")
      }
    }
    for clone in clones + clones {
      #expect(try clone.preflight("sync").status == 0)
    }
    for clone in clones {
      let list = try clone.preflight("memory", "list").standardOutput
      #expect(list.utf8.count { $0 == UInt8(ascii: "\n") } == 9, "\(list)")
    }
  }

  @Test(
    "Of two machines that claim one path and sync at once one holds it, and the other is told by whom no later than at its next sync",
    .timeLimit(.minutes(3)))
  func claimRace() throws {
    let (_, clones) = try machines()
    let program = try BuiltProducts.executable("preflight")
    func atOnce(_ words: Argument...) throws -> [String] {
      let children = try clones.map { clone in
        try ChildProcess(ProcessRequest(program, words, environment: clone.environment, directory: clone.path))
      }
      return children.map { child in
        let result = child.finish()
        #expect(result.succeeded, "\(String(decoding: result.error, as: UTF8.self))")
        return String(decoding: result.error, as: UTF8.self)
      }
    }
    func holders(_ path: String) throws -> [String?] {
      try clones.map { clone in
        let text = try clone.preflight("claim", "--json").standardOutput
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let claims = try #require(json["claims"] as? [[String: Any]])
        return claims.first { $0["path"] as? String == path }?["stream"] as? String
      }
    }
    for round in 0..<8 {
      let path = "src/\(round)"
      _ = try atOnce("claim", Argument(path), "--for", "1h")
      #expect(try holders(path) == ["a", "b"], "neither knows of the other")
      let first = try atOnce("sync")
      let second = try clones.map { try $0.preflight("sync").standardError }
      let holders = try holders(path)
      let winner = try #require(holders[0])
      #expect(holders == [winner, winner], "round \(round)")
      let (won, lost) = winner == "a" ? (0, 1) : (1, 0)
      let news = "the claim of \(winner == "a" ? "b" : "a") on '\(path)' is lost: \(winner) was first"
      #expect((first[lost] + second[lost]).components(separatedBy: news).count == 2, "told once: \(first) \(second)")
      #expect(!(first[won] + second[won]).contains("is lost"))
    }
  }

  @Test("Offline it says since when it has not seen the remote, and everything else works")
  func offline() throws {
    let (_, clones) = try machines()
    #expect(try clones[0].preflight("signal", "working").status == 0)
    try clones[0].git(["remote", "set-url", "origin", "/nowhere"])
    let outcome = try clones[0].preflight("sync")
    #expect(outcome.status == 0)
    #expect(
      outcome.standardError.contains("preflight: 'origin' was not seen yet: what streams say stays here until it is"))
    #expect(try clones[0].preflight("signal", "ready").status == 0)
  }

  @Test("A remote that refuses the ref is named once; syncs and pushes go on")
  func refusing() throws {
    let (origin, clones) = try machines()
    let hook = origin.path / "hooks/update"
    try hook.parent.createDirectories()
    try hook.write(Array("#!/bin/sh\ncase $1 in refs/preflight/*) exit 1;; esac\n".utf8), permissions: 0o755)
    #expect(try clones[0].preflight("signal", "working").status == 0)
    #expect(try clones[0].preflight("sync").standardError.contains("'origin' does not take refs/preflight/hive"))
    #expect(try clones[0].preflight("sync").standardError == "")
    try clones[0].commit("feat: one (T-1)", ["alpha/x": "1\n"])
    try clones[0].git(["push", "--quiet", "origin", "stream/a"])
    #expect(try origin.tip("stream/a") == clones[0].tip("stream/a"))
  }
}
