import Plan
import Platform
import TestSupport
import Testing

@testable import Git
@testable import StateFiles
@testable import Sync

func stream(_ id: String, _ branch: String, base: String? = nil) -> Plan.Stream {
  var stream = Plan.Stream()
  stream.id = id
  stream.branch = branch
  stream.base = base
  return stream
}

/// One hexadecimal digit, again and again, which is always a valid name.
private func id(_ digit: Character) -> ObjectID { ObjectID(hex: String(repeating: digit, count: 40))! }

private func candidate(_ branch: String?, rank: Int? = nil, path: String? = nil) -> Candidate {
  let head = branch.map { Head.branch("refs/heads/\($0)") } ?? .detached(id("9"))
  var candidate = Candidate(
    Worktree(
      path: FilePath("/hive/\(path ?? branch ?? "detached")"),
      gitDirectory: FilePath("/nowhere/\(path ?? branch ?? "d")"),
      commonDirectory: "/nowhere", head: head, isMain: false, lockReason: nil))
  candidate.tip = id("1")
  candidate.onto = id("2")
  candidate.base = .found(id("3"))
  candidate.rank = rank
  candidate.stream = rank.map { _ in stream(branch ?? "", branch ?? "") }
  return candidate
}

@Suite("Plans of a sync, as values")
struct ValuesTests {
  private func plan(
    _ candidates: [Candidate], policy: Plan.SyncPolicy = .init(), busy: LeaveReason.Busy? = nil
  ) throws -> SyncPlan {
    try SyncPlan(candidates, policy: policy) { _ in (busy, nil) }
  }

  private func reason(_ candidate: Candidate, policy: Plan.SyncPolicy = .init(), busy: LeaveReason.Busy? = nil)
    throws -> LeaveReason?
  {
    guard case .leave(let reason) = try plan([candidate], policy: policy, busy: busy).entries[0].step else {
      return nil
    }
    return reason
  }

  @Test("A clean stream behind trunk moves: its commits after the base, onto trunk's tip")
  func moves() throws {
    let entry = try plan([candidate("ws1")]).entries[0]
    guard case .move(let move) = entry.step else { return #expect(Bool(false), "\(entry.step)") }
    #expect((move.from, move.onto, move.base) == (id("1"), id("2"), id("3")))
  }

  @Test("Worktrees come in the order of the plan, then by path")
  func order() throws {
    let all = try plan([
      candidate("x", path: "b"), candidate("y", path: "a"), candidate("z", rank: 1), candidate("w", rank: 0),
    ])
    #expect(all.entries.map(\.branch) == ["w", "z", "y", "x"].map { "refs/heads/\($0)" })
  }

  @Test("Each reason to leave a worktree alone is named")
  func reasons() throws {
    #expect(try reason(candidate(nil)) == .detached)
    var some = candidate("ws1")
    some.tip = nil
    #expect(try reason(some) == .unborn)
    some = candidate("ws1")
    some.isTrunk = true
    #expect(try reason(some) == .trunk)
    some = candidate("ws1")
    some.base = .found(id("2"))
    #expect(try reason(some) == .upToDate)
    some.base = .unrelated
    #expect(try reason(some) == .unrelated)
    some.base = .cutOff
    #expect(try reason(some) == .cutOff)
    some = candidate("ws1")
    some.hold = "reviewing"
    #expect(try reason(some) == .held("reviewing"))
    some = candidate("ws1")
    some.isInUse = true
    #expect(try reason(some) == .inUse)
    var policy = Plan.SyncPolicy()
    policy.streams = .planned
    #expect(try reason(candidate("ws1"), policy: policy) == .notPlanned)
    #expect(try reason(candidate("ws1", rank: 0), policy: policy) == nil)
    policy = Plan.SyncPolicy()
    policy.published = .hold
    some = candidate("ws1")
    some.published = Publication(
      remote: "origin", branch: "refs/heads/ws1", tracking: Reference(name: "refs/remotes/origin/ws1", target: id("1")))
    #expect(try reason(some, policy: policy) == .published(some.published!))  // set above
    #expect(try reason(some) == nil)
    #expect(try reason(candidate("ws1"), busy: .index) == .busy(.index))
  }

  @Test("A stream is moved in a later round than the one that it is stacked on, whatever their order in the plan")
  func rounds() throws {
    var child = candidate("child", rank: 0)
    (child.follows, child.depth) = ("refs/heads/parent", 1)
    let plan = try plan([child, candidate("parent", rank: 1), candidate("other", rank: 2)])
    #expect(plan.entries.map(\.stream) == ["child", "parent", "other"])
    #expect(plan.rounds == [[1, 2], [0]])
  }

  @Test("Nobody looks into a worktree that is not to be moved, and nobody follows one that is not")
  func chosen() throws {
    var child = candidate("child", rank: 0)
    (child.follows, child.depth, child.base) = ("refs/heads/parent", 1, .found(id("2")))
    var looked: [FilePath] = []
    let plan = try SyncPlan([child, candidate("parent", rank: 1)], policy: .init(), isChosen: { $0.rank == 0 }) {
      looked.append($0.path)
      return (nil, nil)
    }
    #expect(plan.entries.map(\.step) == [.leave(.upToDate)])
    #expect(looked == [])
  }

  @Test("A branch that two worktrees have checked out is moved in neither")
  func twice() throws {
    let both = try plan([candidate("ws1", path: "a"), candidate("ws1", path: "b")])
    #expect(
      both.entries.map(\.step) == [
        .leave(.checkedOutTwice(other: "/hive/b")), .leave(.checkedOutTwice(other: "/hive/a")),
      ])
  }

  @Test("Two spellings of é are two branches")
  func spellings() throws {
    let both = try plan([candidate("caf\u{e9}", path: "a"), candidate("cafe\u{301}", path: "b")])
    for entry in both.entries {
      guard case .move = entry.step else { return #expect(Bool(false), "\(entry.step)") }
    }
    let files = BranchFiles(directory: "/x")
    #expect(files.file(for: "caf\u{e9}") != files.file(for: "cafe\u{301}"))
  }

  @Test("Names of branches become names of files without any two meeting")
  func escaping() {
    let files = BranchFiles(directory: "/x")
    #expect(files.file(for: "refs/heads/a-b") == "/x/refs%2fheads%2fa-b")
    let names = [
      "a/b", "a-b", "a%2fb", "A/b", "a/B", "a.b", "..", "a+", String(repeating: "a", count: 200),
      String(repeating: "a", count: 201), String(repeating: "a", count: 400),
    ]
    let paths = names.map { String(decoding: files.file(for: $0).bytes, as: UTF8.self).lowercased() }
    #expect(Set(paths).count == names.count)
    #expect(paths.allSatisfy { path in path.split(separator: "/").allSatisfy { $0.utf8.count <= 255 && $0 != ".." } })
  }

  @Test("git's list of changes is read whatever is in the paths")
  func statusEntries() {
    let hash = String(repeating: "1", count: 40)
    let entries = StatusEntries(
      Array(
        "1 .M N... 100644 100644 100644 \(hash) \(hash) a b\nc\0u UU N... 1 2 3 4 \(hash) \(hash) \(hash) d\0? e f\0"
          .utf8))
    #expect(entries.changed == [Array("a b\nc".utf8), Array("d".utf8)])
  }

  @Test("A worktree that moved in two passes is reported as one move")
  func merging() {
    func dropped(_ digit: Character) -> DroppedCommit {
      DroppedCommit(commit: id(digit), subject: [], reason: .samePatch)
    }
    func report(_ from: Character, _ to: Character) -> SyncReport {
      var report = SyncReport()
      let moved = SyncReport.Moved(
        from: id(from), to: id(to), onto: id("f"), replayed: 2, dropped: [dropped(from)])
      report.entries = [.init(stream: nil, branch: "refs/heads/a", path: "/a", outcome: .moved(moved))]
      return report
    }
    var first = report("1", "2")
    first.fetchFailure = "unreachable"
    first.merge(report("2", "3"))
    #expect(first.fetchFailure == "unreachable")
    let expected = SyncReport.Moved(
      from: id("1"), to: id("3"), onto: id("f"), replayed: 2, dropped: [dropped("1"), dropped("2")])
    #expect(first.move("a") == expected)
  }
}
