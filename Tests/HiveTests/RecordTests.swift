import Git
import Testing

@testable import Hive

@Suite("Records of the hive")
struct RecordTests {
  @Test("A record is what it was after it was written and read")
  func roundTrip() throws {
    let commit = try #require(ObjectID(hex: String(repeating: "a1", count: 20)))
    var words = signal("ws1", .blocked, "the schema\n\nis not settled\u{1b}[31m")
    words.issue = "SMI-1446"
    words.origin = origin(person: "Jörg <j@example.com>", branch: "feature/x y", commit: commit)
    let read = try #require(HiveRecord(contents: words.record.contents))
    #expect(Signal(stream: "ws1", read) == words)
    let held = claim("a b/\u{301}c", "ws1")
    #expect(Claim(path: held.path, try #require(HiveRecord(contents: held.record.contents))) == held)
  }

  @Test("A line feed in a header's value cannot begin another header")
  func injection() throws {
    let record = HiveRecord(origin(person: "Eve <e@x>\nuntil 99999999999"))
    #expect(HiveRecord(contents: record.contents)?["until"] == nil)
  }

  @Test(
    "What is no record is not taken for one",
    arguments: ["", "time 1", "time 1\n", "nospace\n\n", " x\n\n", "\u{0}\u{1}\n"])
  func noRecord(text: String) {
    #expect(HiveRecord(contents: Array(text.utf8)) == nil)
  }

  @Test("A record without its numbers, or with a state that is not known, is no signal and no claim")
  func incomplete() throws {
    var record = signal("ws1", .ready).record
    record["state"] = Array("confused".utf8)
    #expect(Signal(stream: "ws1", record) == nil)
    var other = claim("a", "ws1").record
    other["until"] = Array("tomorrow".utf8)
    #expect(Claim(path: [], other) == nil)
  }

  @Test("Any bytes have one name in the tree, and no name is a path, hidden, or git's own")
  func names() throws {
    let texts = ["a/b", ".git", "..", "", "é", "a%2fb", "A", "a", "con~1", "x\ny", "%", "%2"]
    var seen: Set<[UInt8]> = []
    for text in texts {
      let path = HivePath.claim(on: Array(text.utf8))
      #expect(path.subject == .claim(path: Array(text.utf8)), "\(text)")
      #expect(seen.insert(path.bytes).inserted, "\(text)")
      let name = path.bytes.dropFirst("claims/".utf8.count)
      #expect(!name.contains(UInt8(ascii: "/")) && name.first != UInt8(ascii: "."), "\(text)")
    }
    #expect(HivePath.done("A/1", by: "feature/x").subject == .done(issue: "A/1", stream: "feature/x"))
    #expect(HivePath.signal(of: "feature/x").subject == .signal(stream: "feature/x"))
    #expect(HivePath.memory("k/é").subject == .memory(key: "k/é"))
    #expect(HivePath.version.subject == nil)
  }
}

@Suite("Claims")
struct ClaimTests {
  @Test("A claim holds until its end")
  func life() {
    let claim = claim("a", "ws1", from: 1000, until: 2000)
    #expect(claim.isLive(at: 1000) && claim.isLive(at: 1999))
    #expect(!claim.isLive(at: 2000) && !claim.isLive(at: 9999))
  }

  @Test("A claim from the future, by a clock that was set back, holds no longer than twice its length")
  func clockSetBack() {
    let claim = claim("a", "ws1", from: 4_000_000_000, until: 4_000_003_600)
    #expect(!claim.isLive(at: 1000), "for a hundred years it would hold everybody off")
    #expect(claim.isLive(at: 4_000_000_000 - 3600), "an hour ahead is a time zone set wrong")
    #expect(!claim.isLive(at: 4_000_000_000 - 3601))
    #expect(!Hive.Claim(path: [], stream: "x", until: .max, origin: origin(at: .min)).isLive(at: 0))
  }

  @Test("A claim covers its path and all that is below it, and lies below what holds it")
  func covering() {
    func covers(_ one: String, _ other: String, _ ignoringCase: Bool = false) -> Bool {
      claim(one, "x").covers(Array(other.utf8), ignoringCase: ignoringCase)
    }
    #expect(covers("a", "a") && covers("a", "a/b") && covers("a/b", "a") && covers("", "a") && covers("a", ""))
    #expect(!covers("a", "ab") && !covers("a/b", "a/c") && !covers("a", "A"))
    #expect(covers("a", "A/b", true) && !covers("ab", "A", true))
  }
}
