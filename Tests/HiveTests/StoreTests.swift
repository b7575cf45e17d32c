import Git
import Platform
import TestSupport
import Testing

@testable import Hive

@Suite("The hive's state")
struct StoreTests {
  @Test("What was said is there, in every worktree, and git finds nothing wrong with it")
  func said() throws {
    let repository = try TestRepository()
    try repository.commit("chore: start")
    let place = try repository.addWorktree("two", branch: "two")
    try repository.hive().say(signal("ws1", .blocked, "the schema"))
    try repository.hive().remember("release/version", "1.2\n")
    let elsewhere = HiveStore(try repository.open(in: place), environment: repository.environment)
    #expect(try elsewhere.snapshot().signal(of: "ws1") == signal("ws1", .blocked, "the schema"))
    #expect(try elsewhere.recall("release/version") == "1.2\n")
    #expect(try repository.git(["fsck", "--strict"]) == "")
    #expect(
      try repository.git(["log", "--format=%s|%an|%ae|%at", Argument(HiveStore.reference)])
        == "remember release/version|Ann|ann@example.com|1000\nws1 is blocked|Ann|ann@example.com|1000")
  }

  @Test("The bytes are those that git writes itself", arguments: [false, true])
  func sameBytes(isShared: Bool) throws {
    let repository = try TestRepository()
    if isShared { try repository.git(["config", "core.sharedRepository", "group"]) }
    let hive = try repository.hive()
    try hive.say(signal("ws1", .ready))
    try hive.claim([Array("a/b".utf8)], for: "ws1", seconds: 60, text: [], by: origin())
    let tree = try repository.git(["rev-parse", "\(HiveStore.reference)^{tree}"])
    let listing = try repository.git(["ls-tree", "-r", "--full-tree", Argument(tree)])
    try repository.git(["read-tree", "--empty"])
    try repository.git(["update-index", "--index-info"], input: Array((listing + "\n").utf8))
    #expect(try repository.git(["write-tree"]) == tree)
    let directory = repository.path / ".git/objects/\(tree.prefix(2))"
    #expect(
      try !isShared || directory.status().map { $0.permissions & 0o020 != 0 } == true, "the group may write there")
  }

  @Test("A change that another came before is made anew on top of it")
  func retry() throws {
    let repository = try TestRepository()
    let hive = try repository.hive()
    var asked = 0
    try hive.change(by: origin()) { state in
      asked += 1
      // Somebody without our lock, who is always faster but for the third time.
      if asked < 3 { try moveAside(in: repository, key: "k\(asked)") }
      let known = try state.memories().map(\.key)
      return HiveChange("remember", [.memory("seen"): HiveRecord(origin(), text: Array("\(known)".utf8))])
    }
    #expect(asked == 3)
    #expect(try hive.recall("seen") == "[\"k1\", \"k2\"]")
    #expect(try hive.snapshot().memories().map(\.key) == ["k1", "k2", "seen"])
  }

  /// A change by compare-and-swap alone.
  private func moveAside(in repository: TestRepository, key: String) throws {
    let hive = try repository.hive()
    let state = try hive.snapshot()
    var entries = state.entries
    let opened = try repository.open()
    entries[.version] = try opened.make(.blob, HiveSnapshot.versionText)
    entries[.memory(key)] = try opened.make(.blob, HiveRecord(origin()).contents)
    try opened.writeMadeObjects()
    let tip = try hive.commit(entries, parents: [state.tip].compactMap { $0 }, subject: key, by: origin())
    try repository.git(["update-ref", Argument(HiveStore.reference), "\(tip)"])
  }

  @Test("A change that decides against itself, or fails, changes nothing")
  func nothing() throws {
    struct Refused: Error {}
    let repository = try TestRepository()
    let hive = try repository.hive()
    try hive.remember("a", "1")
    let tip = try hive.snapshot().tip
    #expect(try hive.change(by: origin()) { _ in nil }.tip == tip)
    #expect(throws: Refused.self) { try hive.change(by: origin()) { _ in throw Refused() } }
    #expect(try hive.snapshot().tip == tip)
  }

  @Test("A ref whose lock a killed git has left behind is an error that names it, soon enough")
  func staleLock() throws {
    let repository = try TestRepository()
    let hive = try repository.hive()
    try hive.remember("a", "1")
    let file = repository.path / ".git/refs/preflight/hive.lock"
    try file.write([])
    var impatient = try repository.hive()
    impatient.patience = 0.2
    #expect {
      try impatient.remember("a", "2")
    } throws: {
      "\($0)".contains("\(file)': File exists")
    }
    #expect(try hive.recall("a") == "1", "reading takes no lock")
    try file.remove()
    try hive.remember("a", "2")
    #expect(try hive.recall("a") == "2")
  }

  // MARK: States that are not ours

  @Test("A ref that is not our state is kept under another name, and a new state begun")
  func notOurs() throws {
    let repository = try TestRepository()
    let theirs = try repository.commit("feat: somebody's own", ["file": "theirs\n"])
    try repository.git(["update-ref", Argument(HiveStore.reference), "\(theirs)"])
    let hive = try repository.hive()
    #expect(throws: HiveFault.notOurs(theirs)) { try hive.snapshot() }
    #expect(try repository.tip(HiveStore.reference) == theirs, "reading moves nothing")
    let record = HiveRecord(origin())
    let outcome = try hive.change(by: origin()) { _ in HiveChange("remember", [.memory("a"): record]) }
    #expect(outcome.aside?.fault == .notOurs(theirs))
    let reference = try #require(outcome.aside?.reference)
    #expect(try repository.tip(reference) == theirs)
    #expect(try hive.snapshot().memories().map(\.key) == ["a"])
  }

  @Test("A tag or a tree under our ref is kept aside as well", arguments: ["tree", "blob", "tag"])
  func noCommit(kind: String) throws {
    let repository = try TestRepository()
    try repository.commit("feat: x", ["file": "1\n"])
    try repository.git(["tag", "-a", "-m", "tag", "t"])
    let object = ["tree": "HEAD^{tree}", "blob": "HEAD:file", "tag": "t"][kind]!
    let id = try repository.git(["rev-parse", Argument(object)])
    try repository.git(["update-ref", Argument(HiveStore.reference), Argument(id)])
    let hive = try repository.hive()
    try hive.remember("a", "1")
    #expect(try hive.recall("a") == "1")
    #expect(try repository.git(["rev-parse", "refs/preflight/aside/\(id)"]) == id)
  }

  @Test("A state whose objects are gone is named in the ref's log, and a new one begun")
  func damaged() throws {
    let repository = try TestRepository()
    let hive = try repository.hive()
    try hive.remember("a", "1")
    let tree = try repository.git(["rev-parse", "\(HiveStore.reference)^{tree}"])
    let old = try repository.tip(HiveStore.reference)
    try (repository.path / ".git/objects/\(tree.prefix(2))/\(tree.dropFirst(2))").remove()
    #expect {
      _ = try repository.hive().snapshot()
    } throws: {
      if case .damaged(old, _) = $0 as? HiveFault { true } else { false }
    }
    let fresh = try repository.hive()
    try fresh.remember("b", "2")
    #expect(try fresh.recall("b") == "2")
    #expect(try repository.git(["reflog", "show", "--format=%H", Argument(HiveStore.reference)]).contains("\(old)"))
  }

  @Test("A state that a newer preflight has written is never replaced")
  func newer() throws {
    let repository = try TestRepository()
    try repository.commit("chore: as later", ["version": "2\n"])
    try repository.git(["update-ref", Argument(HiveStore.reference), "HEAD"])
    let tip = try repository.tip("HEAD")
    let hive = try repository.hive()
    #expect(throws: HiveFault.newer(tip, "2\n")) { try hive.remember("a", "1") }
    #expect(try repository.tip(HiveStore.reference) == tip)
  }

  @Test("A record that cannot be read counts for nothing, and the others are there all the same")
  func damagedRecord() throws {
    let repository = try TestRepository()
    let opened = try repository.open()
    let hive = try repository.hive()
    let junk = try opened.make(.blob, [0, 1, 2])
    let version = try opened.make(.blob, HiveSnapshot.versionText)
    let good = try opened.make(.blob, signal("ws2", .ready).record.contents)
    try opened.writeMadeObjects()
    let tip = try hive.commit(
      [.version: version, .signal(of: "ws1"): junk, .signal(of: "ws2"): good, .claim(on: [1]): junk], parents: [],
      subject: "x", by: origin())
    try repository.git(["update-ref", Argument(HiveStore.reference), "\(tip)"])
    #expect(try hive.snapshot().signals() == [signal("ws2", .ready)])
    #expect(try hive.claims() == [])
  }

  // MARK: Claims

  @Test("A path that another stream holds is refused, all or nothing; one's own claim is renewed")
  func claims() throws {
    let repository = try TestRepository()
    let paths = ["src/a", "src/b"].map { Array($0.utf8) }
    try repository.hive().claim([paths[0]], for: "ws1", seconds: 100, text: [], by: origin())
    #expect {
      try repository.hive().claim([paths[1], paths[0]], for: "ws2", seconds: 100, text: [], by: origin())
    } throws: {
      ($0 as? ClaimRefused)?.path == paths[0] && ($0 as? ClaimRefused)?.holder.stream == "ws1"
    }
    #expect(try repository.hive().claims().map(\.path) == [paths[0]])
    try repository.hive(at: 1050).claim([paths[0]], for: "ws1", seconds: 100, text: [], by: origin())
    #expect(try repository.hive(at: 1050).claims().map(\.until) == [1150])
  }

  @Test("A claim that has run out holds nobody off, and is swept away by the next")
  func expiry() throws {
    let repository = try TestRepository()
    let path = Array("src".utf8)
    try repository.hive().claim([path], for: "ws1", seconds: 100, text: [], by: origin())
    #expect(try repository.hive(at: 1100).claims() == [])
    try repository.hive(at: 1100).claim([Array("src/a".utf8)], for: "ws2", seconds: 9, text: [], by: origin(at: 1100))
    #expect(
      try repository.hive(at: 1100).snapshot().entries.keys.sorted().map { String(decoding: $0.bytes, as: UTF8.self) }
        == ["claims/src%2fa", "version"])
  }

  @Test("Dropping takes back one's own claims and nobody else's")
  func dropping() throws {
    let repository = try TestRepository()
    let hive = try repository.hive()
    try hive.claim(
      [Array("a/1".utf8), Array("a/2".utf8), Array("b".utf8)], for: "ws1", seconds: 9, text: [], by: origin())
    try hive.claim([Array("c".utf8)], for: "ws2", seconds: 9, text: [], by: origin())
    #expect(
      try hive.dropClaims([Array("a".utf8)], of: "ws1", by: origin()).dropped.map(\.path)
        == ["a/1", "a/2"].map { Array($0.utf8) })
    #expect(try hive.dropClaims([Array("c".utf8)], of: "ws1", by: origin()).dropped == [])
    #expect(try hive.dropClaims([], of: "ws1", by: origin()).dropped.map(\.path) == [Array("b".utf8)])
    #expect(try hive.claims().map(\.stream) == ["ws2"])
  }

  @Test("A hook knows by one file whether anybody has ever said anything, and reads the claims from it")
  func index() throws {
    let repository = try TestRepository()
    let layout = try repository.open().layout
    #expect(!HiveStore.mayHoldAnything(layout))
    let hive = try repository.hive()
    try hive.claim([Array("a\nb".utf8)], for: "ws1", seconds: 60, text: Array("why\n\nnot".utf8), by: origin())
    #expect(HiveStore.mayHoldAnything(layout))
    let index = try #require(ClaimIndex(layout, tip: hive.snapshot().tip))
    #expect(try index.claims == hive.snapshot().claims(liveAt: 1000))
    #expect(try hive.claims() == index.claims)

    let file = ClaimIndex.file(layout)
    let bytes = try file.contents()
    for damaged in [Array(bytes.dropLast()), bytes + [0], Array("-\n".utf8), [], Array(bytes.prefix(50))] {
      try file.write(damaged)
      #expect(try hive.claims() == index.claims, "a damaged index is made again")
      #expect(try file.contents() == bytes)
    }
  }

  // MARK: The log

  @Test("The log tells what was said, newest first, and not what merely ran out")
  func log() throws {
    let repository = try TestRepository()
    let hive = try repository.hive()
    try hive.say(signal("ws1", .working))
    try hive.say(signal("ws1", .ready, "done"))
    try hive.claim([Array("a".utf8)], for: "ws1", seconds: 10, text: [], by: origin())
    try repository.hive(at: 2000).claim([Array("b".utf8)], for: "ws2", seconds: 10, text: [], by: origin(at: 2000))
    try repository.hive(at: 2001).dropClaims([], of: "ws2", by: origin(at: 2001))
    try hive.remember("k", "v")
    let expected: [HiveEvent.Kind] = [
      .remembered(key: "k", HiveRecord(origin(), text: Array("v".utf8))),
      .dropped(claim("b", "ws2", from: 2000, until: 2010)), .claimed(claim("b", "ws2", from: 2000, until: 2010)),
      .claimed(claim("a", "ws1", until: 1010)), .signal(signal("ws1", .ready, "done")),
      .signal(signal("ws1", .working)),
    ]
    #expect(try hive.events().map(\.kind) == expected)
    #expect(try hive.events(limit: 2).map(\.kind) == Array(expected.prefix(2)))
    #expect(try hive.events().allSatisfy { $0.person == Array("Ann <ann@example.com>".utf8) })
  }
}
