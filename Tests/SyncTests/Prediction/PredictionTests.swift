import Git
import Plan
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

@Suite("The conflict map")
struct PredictionTests {
  private static let list = (1...20).map { "\($0)\n" }.joined()

  /// Two streams and a list of twenty lines.
  private func hive() throws -> Hive {
    let hive = try Hive("one", "two")
    try hive.repository.commit("feat: list", ["list.txt": Self.list])
    for stream in ["one", "two"] {
      try hive.repository.git(["reset", "--quiet", "--hard", "main"], in: hive.place(stream))
    }
    return hive
  }

  private func list(_ line: Int, _ text: String) -> String {
    (1...20).map { $0 == line ? "\(text)\n" : "\($0)\n" }.joined()
  }

  private func prediction(_ hive: Hive, uncommitted: Bool = true) throws -> Prediction {
    let opened = try hive.repository.open()
    var options = Prediction.Options()
    options.includesUncommitted = uncommitted
    return Prediction(
      opened, plan: hive.plan, trunk: try #require(try opened.trunk(hive.names)), options: options,
      environment: hive.repository.environment)
  }

  private func verdict(_ hive: Hive, uncommitted: Bool = true) throws -> ConflictMap.Verdict? {
    try prediction(hive, uncommitted: uncommitted).map()[1, 2]
  }

  private func conflict(_ paths: String...) -> [[UInt8]] { paths.map { Array($0.utf8) } }

  private func files(_ verdict: ConflictMap.Verdict?) -> [[UInt8]]? {
    if case .conflict(let files)? = verdict { files.map(\.path) } else { nil }
  }

  @Test(
    "What is not committed counts, and stays as it is",
    arguments: ["staged", "unstaged", "untracked", "deleted", "partly staged"])
  func uncommitted(_ kind: String) throws {
    let hive = try hive()
    let place = hive.place("one")
    try hive.commit("two", ["list.txt": list(5, "two's"), "new.txt": "two's\n"])
    switch kind {
    case "staged":
      try hive.repository.write("list.txt", list(5, "one's"), in: place)
      try hive.repository.git(["add", "list.txt"], in: place)
    case "untracked": try hive.repository.write("new.txt", "one's\n", in: place)
    case "deleted": try (place / "list.txt").remove()
    case "partly staged":
      try hive.repository.write("list.txt", list(15, "staged"), in: place)
      try hive.repository.git(["add", "list.txt"], in: place)
      try hive.repository.write("list.txt", list(5, "one's"), in: place)
    default: try hive.repository.write("list.txt", list(5, "one's"), in: place)
    }
    let before = try hive.fingerprint("one")
    let objects = try hive.repository.git(["count-objects", "--verbose"])
    let index = try hive.layout(place).indexFile.contents()
    #expect(try files(verdict(hive)) == conflict(kind == "untracked" ? "new.txt" : "list.txt"))
    #expect(try verdict(hive, uncommitted: false) == .clean)
    #expect(try hive.layout(place).indexFile.contents() == index)
    #expect(try hive.repository.git(["count-objects", "--verbose"]) == objects)
    #expect(try hive.fingerprint("one") == before)
  }

  @Test("A file is compared as git would store it, with its worktree's line ends and filters")
  func filters() throws {
    let hive = try hive()
    try hive.commit("one", [".gitattributes": "*.txt text\n"])
    try hive.commit("two", ["list.txt": list(5, "two's")])
    let windows = list(15, "one's").split(separator: "\n").map { "\($0)\r\n" }.joined()
    try hive.repository.write("list.txt", windows, in: hive.place("one"))
    #expect(try verdict(hive) == .clean)
    try hive.repository.write(
      "list.txt", windows.split(separator: "\r\n").joined(separator: "\r\n") + "\r\n21\r\n", in: hive.place("one"))
    #expect(try verdict(hive) == .clean)
  }

  @Test("A worktree in the middle of a merge counts with its branch alone")
  func operation() throws {
    let hive = try hive()
    try hive.commit("one", ["list.txt": list(5, "one's")])
    try hive.commit("two", ["list.txt": list(5, "two's")])
    #expect(try hive.repository.attempt("git", ["merge", "two"], in: hive.place("one")).status == 1)
    let map = try prediction(hive).map()
    #expect(files(map[1, 2]) == conflict("list.txt"))
    #expect(map.sides[1].uncommitted == nil)
    #expect(map.sides[2].uncommitted == 0)
  }

  @Test("Where bases differ, trunk's changes between them count for the newer stream")
  func bases() throws {
    let hive = try hive()
    try hive.commit("one", ["list.txt": list(5, "one's")])
    try hive.repository.commit("feat: trunk", ["list.txt": list(5, "trunk's")])
    try hive.repository.git(["reset", "--quiet", "--hard", "main"], in: hive.place("two"))
    try hive.commit("two")
    let map = try prediction(hive).map()
    #expect(files(map[1, 2]) == conflict("list.txt"))
    #expect(files(map[0, 1]) == conflict("list.txt"))
    #expect(map[0, 2] == .clean)
    #expect(map.decidedByGit == 0)
  }

  @Test("A stacked stream is compared with its parent from where it was last put on it")
  func stacked() throws {
    let hive = try hive()
    hive.plan.streams = ["one", "two"].map { id in
      var stream = Plan.Stream()
      (stream.id, stream.branch, stream.base) = (id, id, id == "two" ? "one" : nil)
      return stream
    }
    let old = try hive.commit("one", ["list.txt": list(5, "first try")])
    try hive.repository.git(["reset", "--quiet", "--hard", "one"], in: hive.place("two"))
    try hive.commit("two", ["list.txt": list(5, "first try").replacing("15\n", with: "two's\n")])
    try StreamBases(hive.layout()).record(old, for: "refs/heads/two")
    try hive.repository.write("list.txt", list(5, "second try"), in: hive.place("one"))
    try hive.repository.git(["commit", "--quiet", "--all", "--amend", "--no-edit"], in: hive.place("one"))
    let map = try prediction(hive).map()
    #expect(map.sides[2].parent == 1)
    #expect(map[1, 2] == .clean)
    // Without its own base git sees both tries as changes of the same line.
    #expect(try hive.repository.attempt("git", ["merge-tree", "--write-tree", "one", "two"]).status == 1)
  }

  @Test("The attributes of trunk decide, whatever the worktree at hand has")
  func attributes() throws {
    let hive = try hive()
    try hive.commit("one", ["list.txt": Self.list + "one's\n"])
    try hive.commit("two", ["list.txt": Self.list + "two's\n"])
    #expect(try files(verdict(hive)) == conflict("list.txt"))
    try hive.repository.commit("chore: attributes", ["sub/.gitattributes": "*.txt merge=union\n"])
    #expect(try files(verdict(hive)) == conflict("list.txt"))
    try hive.repository.commit("chore: attributes", [".gitattributes": "*.txt merge=union\n"])
    #expect(try verdict(hive) == .clean)
  }

  @Test("Histories that share nothing are neither clean nor a conflict")
  func unrelated() throws {
    let hive = try hive()
    try hive.repository.git(["checkout", "--quiet", "--orphan", "alone"], in: hive.place("two"))
    try hive.repository.git(["commit", "--quiet", "-m", "feat: alone"], in: hive.place("two"))
    #expect(try verdict(hive) == .unknown)
  }

  @Test("A worktree with more untracked files than a person makes is compared without them")
  func manyUntracked() throws {
    let hive = try hive()
    for number in 0...1000 { try hive.repository.write("build/\(number)", "", in: hive.place("one")) }
    let map = try prediction(hive).map()
    #expect(map.sides[1].passedOver == 1001)
    #expect(map.sides[1].uncommitted == 0)
  }

  // MARK: Packets

  @Test("A packet names the lines of both sides and the commits that touched them, and no others")
  func packets() throws {
    let hive = try hive()
    try hive.commit("one", ["list.txt": list(18, "elsewhere")], message: "feat: elsewhere")
    try hive.commit(
      "one", ["list.txt": list(18, "elsewhere").replacing("5\n6\n", with: "5\n5.1\n5.2\n")], message: "feat: five")
    try hive.commit("two", ["list.txt": list(6, "six")], message: "feat: six")
    try hive.repository.write("list.txt", list(6, "SIX"), in: hive.place("two"))
    let report = try prediction(hive).report(planned: false)
    let packet = try #require(report.packets.first)
    #expect(report.packets.count == 1)
    #expect(packet.one.lines.map { [$0.first, $0.count] } == [[6, 2]])
    #expect(packet.one.commits.map { String(decoding: $0.subject, as: UTF8.self) } == ["feat: five"])
    #expect(!packet.one.isUncommitted)
    #expect(packet.other.lines.map { [$0.first, $0.count] } == [[6, 1]])
    #expect(packet.other.isUncommitted)
    #expect(packet.base == (try hive.repository.tip("main")))
  }

  @Test("A packet says who deleted lines that the other side changed, and who deleted the file")
  func deletions() throws {
    let hive = try hive()
    let without = list(6, "").replacing("5\n\n7\n", with: "")
    try hive.commit("one", ["list.txt": without], message: "feat: fewer")
    try hive.commit("two", ["list.txt": list(6, "six")], message: "feat: six")
    var packet = try #require(try prediction(hive).report(planned: false).packets.first)
    #expect(packet.one.commits.map { String(decoding: $0.subject, as: UTF8.self) } == ["feat: fewer"])
    try hive.repository.commit("feat: none", ["list.txt": nil], in: hive.place("two"))
    packet = try #require(try prediction(hive).report(planned: false).packets.first)
    #expect(packet.other.isGone)
    #expect(packet.other.commits.first.map { String(decoding: $0.subject, as: UTF8.self) } == "feat: none")
  }

  @Test("A link that came in a file's place is one conflict, under the name of both")
  func distinctTypes() throws {
    let hive = try hive()
    try hive.commit("two", ["list.txt": list(6, "six")], message: "feat: six")
    let one = hive.place("one")
    try hive.repository.git(["mv", "list.txt", "moved.txt"], in: one)
    try (one / "list.txt").createLink(to: "moved.txt")
    try hive.repository.git(["add", "list.txt"], in: one)
    try hive.repository.git(["commit", "--quiet", "--message", "feat: link"], in: one)
    let packets = try prediction(hive).report(planned: false).packets
    #expect(packets.map { String(decoding: $0.path, as: UTF8.self) } == ["list.txt"])
  }

  // MARK: Planned merges

  @Test("Merges are predicted one after another in the order of dependencies, and the first that breaks is named")
  func planned() throws {
    let hive = try hive()
    try hive.add("three")
    try hive.repository.git(["reset", "--quiet", "--hard", "main"], in: hive.place("three"))
    hive.plan.streams = [("one", "two"), ("two", nil), ("three", "one")].map { id, after in
      var stream = Plan.Stream()
      (stream.id, stream.branch) = (id, id)
      var issue = Plan.Issue()
      (issue.id, issue.after) = ("\(id)-1", after.map { ["\($0)-1"] } ?? [])
      stream.issues = [issue]
      return stream
    }
    try hive.commit("one", ["list.txt": list(15, "one's")])
    try hive.commit("two", ["list.txt": list(5, "two's")])
    try hive.repository.write("list.txt", list(15, "three's"), in: hive.place("three"))
    let objects = try hive.repository.git(["count-objects", "--verbose"])
    let report = try prediction(hive).report(planned: true)
    let planned = try #require(report.planned)
    let names = planned.steps.map { planned.sides[$0.side].stream?.id }
    #expect(names == ["two", "one", "three"])
    #expect(planned.steps.map { $0.verdict == .clean } == [true, true, false])
    #expect(planned.firstBreak?.rivals.map { planned.sides[$0].stream?.id } == ["one"])
    #expect(try hive.repository.git(["count-objects", "--verbose"]) == objects)
  }

  // MARK: Memory

  /// A pair that only git can decide: a rename meets a change.
  private func entangled() throws -> Hive {
    let hive = try hive()
    try hive.repository.git(["mv", "src", "lib"], in: hive.place("one"))
    try hive.commit("one")
    try hive.commit("two", ["src/b.txt": "b\n"])
    return hive
  }

  @Test("What git said is kept until something changes that it depends on")
  func memory() throws {
    let hive = try entangled()
    let first = try prediction(hive).map()
    #expect(first.decidedByGit == 1)
    #expect(first.asked == 1)
    let second = try prediction(hive).map()
    #expect(second.asked == 0)
    #expect(second[1, 2] == first[1, 2])
    try hive.repository.write("src/c.txt", "c\n", in: hive.place("two"))
    #expect(try prediction(hive).map().asked == 1)
    #expect(try prediction(hive, uncommitted: false).map().asked == 0)
    try hive.repository.git(["config", "merge.directoryRenames", "false"])
    #expect(try prediction(hive, uncommitted: false).map().asked == 1)
    try hive.commit("two")
    #expect(try prediction(hive, uncommitted: false).map().asked == 1)
  }

  @Test("A damaged memory is made again", arguments: [0, 10, 80, 200])
  func damage(at place: Int) throws {
    let hive = try entangled()
    _ = try prediction(hive).map()
    let file = try hive.layout().stateDirectory / "predictions"
    var bytes = try file.contents()
    if bytes.indices.contains(place) { bytes[place] ^= 1 } else { bytes.removeLast() }
    try file.write(bytes)
    #expect(try prediction(hive).map().asked == 1)
    #expect(try prediction(hive).map().asked == 0)
  }

  @Test("The memory does not grow beyond its bound, and forgets what was not asked for longest")
  func bound() throws {
    let hive = try hive()
    let opened = try hive.repository.open()
    let keys = try (0..<4100).map { try opened.blobID(of: Array("\($0)".utf8)) }
    var memory = PredictionMemory(opened)
    for key in keys { memory.remember([Array("a b".utf8), Array("c".utf8)], for: key) }
    memory.save()
    var read = PredictionMemory(opened)
    #expect(read.answer(to: keys[0]) == nil)
    #expect(read.answer(to: keys[4099]) == .some([Array("a b".utf8), Array("c".utf8)]))
    #expect(read.answer(to: keys[100]) != nil)
    #expect(read.answer(to: keys[99]) == nil)
  }
}
