import Foundation
import Git
import Platform
import TestSupport
import Testing

@testable import Sync

/// A thread that does one thing again and again, as fast as it goes.
private final class Racer: @unchecked Sendable {
  private var done: [Int] = []
  private let ended = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - end: by the monotonic clock.
  ///   - step: is given growing numbers, and says whether it was done.
  init(until end: Double, _ step: @escaping @Sendable (Int) -> Bool) {
    Thread { [self] in
      var number = 0
      while Clock.monotonic() < end {
        number += 1
        if step(number) { done.append(number) }
      }
      ended.signal()
    }.start()
  }

  /// The numbers of the steps that were done.
  func finish() -> [Int] {
    ended.wait()
    return done
  }
}

@Suite("Races")
struct RaceTests {
  @Test("Commits, switches and stashes in the worktrees while syncs run in a loop: nothing is lost, no lock is left")
  func races() throws {
    let hive = try Hive("ws1", "ws2", "ws3")
    hive.plan.sync.quiet = 0
    let repository = hive.repository
    let places = ["ws1", "ws2", "ws3"].map(hive.place)
    let until = Clock.monotonic() + 4
    nonisolated(unsafe) let shared = repository  // it is not changed, only asked to run git
    @Sendable func git(_ arguments: [Argument], _ place: FilePath) -> Bool {
      (try? shared.attempt("git", arguments, in: place).status) == 0
    }
    let committer = Racer(until: until) { number in
      guard (try? shared.write("own/\(number).txt", "\(number)\n", in: places[0])) != nil,
        git(["add", "own/\(number).txt"], places[0])
      else { return false }
      return git(["commit", "--quiet", "-m", "feat: race \(number)"], places[0])
    }
    let switcher = Racer(until: until) { number in
      git(["switch", "--quiet", "-c", "side-\(number)"], places[1]) && git(["switch", "--quiet", "ws2"], places[1])
    }
    let stasher = Racer(until: until) { number in
      guard (try? shared.write("shared.txt", "stashed \(number)\n", in: places[2])) != nil else { return false }
      return git(["stash", "push", "--quiet", "-m", "stash \(number)"], places[2])
    }
    var round = 0
    while Clock.monotonic() < until {
      round += 1
      try repository.commit("feat: trunk \(round)", ["trunk.txt": "\(round)\n", "round/\(round).txt": "r\n"])
      try hive.sync()
    }
    let (commits, switches, stashes) = (committer.finish(), switcher.finish(), stasher.finish())
    print("races: \(round) syncs, \(commits.count) commits, \(switches.count) switches, \(stashes.count) stashes")

    #expect(commits.count > 0 && stashes.count > 0)
    let subjects = Set(try repository.git(["log", "--format=%s", "ws1"]).split(separator: "\n").map(String.init))
    for number in commits { #expect(subjects.contains("feat: race \(number)")) }
    let kept = try repository.git(["stash", "list", "--format=%gs"])
    for number in stashes { #expect(kept.contains("stash \(number)")) }
    for place in places {
      let gitDirectory = try hive.layout(place).gitDirectory
      #expect(!(gitDirectory / "index.lock").exists)
      #expect(!(gitDirectory / "rebase-merge").exists)
    }
    #expect(try MoveJournal(hive.layout()).isEmpty)
    #expect(try repository.git(["fsck", "--no-dangling"]) == "")
    // No commit has taken back what trunk brought.
    #expect(try repository.git(["diff", "--name-only", "--diff-filter=D", "main...ws1"]) == "")
    for number in commits { #expect(try repository.git(["show", "ws1:own/\(number).txt"]) == "\(number)") }
  }
}
