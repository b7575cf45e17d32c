import TestSupport
import Testing

@testable import Hive

@Suite("Two states of a hive become one")
struct MergeTests {
  private typealias Records = HiveMerge.Records

  private func records(_ values: [(HivePath, HiveRecord)]) -> Records {
    Dictionary(values.map { ($0, $1.contents) }, uniquingKeysWith: { $1 })
  }

  private func memory(_ key: String, _ value: String, at time: Int64 = 1000) -> (HivePath, HiveRecord) {
    (.memory(key), HiveRecord(origin(at: time), text: Array(value.utf8)))
  }

  private func said(_ signal: Signal) -> (HivePath, HiveRecord) { (.signal(of: signal.stream), signal.record) }
  private func held(_ claim: Claim) -> (HivePath, HiveRecord) { (.claim(on: claim.path), claim.record) }

  @Test("What only one side has said is in both, and what only one side took back is in neither")
  func disjoint() {
    let base = records([memory("kept", "1"), memory("ours goes", "1"), memory("theirs goes", "1")])
    let ours = records([memory("kept", "1"), memory("theirs goes", "1"), memory("ours", "2")])
    let theirs = records([memory("kept", "1"), memory("ours goes", "1"), said(signal("ws1", .ready))])
    let merge = HiveMerge(base: base, ours: ours, theirs: theirs, now: 1000)
    #expect(merge.records == records([memory("kept", "1"), memory("ours", "2"), said(signal("ws1", .ready))]))
    #expect(merge.lost.isEmpty)
  }

  @Test("Of two words about one thing the later counts, whichever side said it", arguments: [true, false])
  func laterWins(oursIsLater: Bool) {
    let earlier = records([said(signal("ws1", .working, at: 1000))])
    let later = records([said(signal("ws1", .blocked, at: 1001))])
    let merge = HiveMerge(
      base: [:], ours: oursIsLater ? later : earlier, theirs: oursIsLater ? earlier : later, now: 2000)
    #expect(merge.records == later)
  }

  @Test("Words of the same second are settled alike on both machines")
  func ties() {
    let one = records([memory("key", "a")])
    let other = records([memory("key", "b")])
    let here = HiveMerge(base: [:], ours: one, theirs: other, now: 2000).records
    let there = HiveMerge(base: [:], ours: other, theirs: one, now: 2000).records
    #expect(here == there)
  }

  @Test("A change counts before a removal, whichever side made it", arguments: [true, false])
  func changeBeforeRemoval(oursRemoves: Bool) {
    let base = records([memory("key", "1")])
    let changed = records([memory("key", "2")])
    let merge = HiveMerge(
      base: base, ours: oursRemoves ? [:] : changed, theirs: oursRemoves ? changed : [:], now: 2000)
    #expect(merge.records == changed)
  }

  @Test("Of two claims on one path the published one holds, and ours is named with whoever holds it")
  func publishedClaimWins() {
    let ours = records([held(claim("src/a", "ws1", from: 900))])
    let theirs = records([held(claim("src/a", "ws2", from: 1000))])
    let merge = HiveMerge(base: [:], ours: ours, theirs: theirs, now: 2000)
    #expect(merge.records == theirs, "although ours is older: theirs is what everybody else has seen")
    #expect(merge.lost == [.init(ours: claim("src/a", "ws1", from: 900), theirs: claim("src/a", "ws2", from: 1000))])
  }

  @Test("A published claim that has run out does not hold ours off")
  func expiredClaimYields() {
    let ours = records([held(claim("src/a", "ws1", from: 5000, until: 9000))])
    let theirs = records([held(claim("src/a", "ws2", from: 1000, until: 4000))])
    let merge = HiveMerge(base: [:], ours: ours, theirs: theirs, now: 6000)
    #expect(merge.records == ours)
    #expect(merge.lost.isEmpty)
  }

  @Test("A claim on a directory holds off one on a file in it, and the other way round", arguments: [true, false])
  func nested(theirsIsDirectory: Bool) {
    let directory = claim("src", theirsIsDirectory ? "ws2" : "ws1")
    let file = claim("src/a", theirsIsDirectory ? "ws1" : "ws2")
    let (ours, theirs) = theirsIsDirectory ? (file, directory) : (directory, file)
    let merge = HiveMerge(base: [:], ours: records([held(ours)]), theirs: records([held(theirs)]), now: 2000)
    #expect(merge.records == records([held(theirs)]))
    #expect(merge.lost == [.init(ours: ours, theirs: theirs)])
  }

  @Test("A claim of ours that is published already is not taken away by one that overlaps it")
  func publishedClaimsStand() {
    let published = records([held(claim("src", "ws1"))])
    let theirs = published.merging(records([held(claim("src/a", "ws2"))])) { $1 }
    let merge = HiveMerge(base: published, ours: published, theirs: theirs, now: 2000)
    #expect(merge.records == theirs)
    #expect(merge.lost.isEmpty)
  }

  @Test("A claim that one side renewed and the other dropped is kept; of two renewals the longer one")
  func renewals() {
    let base = records([held(claim("a", "ws1", until: 2000))])
    let longer = records([held(claim("a", "ws1", until: 9000))])
    let shorter = records([held(claim("a", "ws1", until: 5000))])
    #expect(HiveMerge(base: base, ours: longer, theirs: [:], now: 1500).records == longer)
    #expect(HiveMerge(base: base, ours: [:], theirs: longer, now: 1500).records == longer)
    #expect(HiveMerge(base: base, ours: longer, theirs: shorter, now: 1500).records == longer)
    #expect(HiveMerge(base: base, ours: shorter, theirs: longer, now: 1500).records == longer)
  }

  @Test("What a later version has written is carried along, and never judged")
  func unknownPaths() {
    let path = HivePath(bytes: Array("decisions/1/ws1".utf8))
    let merge = HiveMerge(base: [:], ours: [path: [1]], theirs: [:], now: 1)
    #expect(merge.records == [path: [1]])
    #expect(HiveMerge(base: [path: [1]], ours: [path: [2]], theirs: [path: [3]], now: 1).records == [path: [3]])
  }

  @Test("Merging is all the same whoever begins, but for claims, where the published one counts")
  func commutes() {
    var random = SeededGenerator.announced()
    for _ in 0..<200 {
      let base = randomRecords(&random)
      let ours = randomRecords(&random, from: base)
      let theirs = randomRecords(&random, from: base)
      let here = HiveMerge(base: base, ours: ours, theirs: theirs, now: 5000).records
      let there = HiveMerge(base: base, ours: theirs, theirs: ours, now: 5000).records
      #expect(here == there)
      // What is merged is a fixed point: another round brings nothing new.
      #expect(HiveMerge(base: theirs, ours: here, theirs: theirs, now: 5000).records == here)
    }
  }

  private func randomRecords(_ random: inout SeededGenerator, from base: Records = [:]) -> Records {
    var result = base
    for key in ["a", "b", "c", "d"] {
      switch random.next() % 4 {
      case 0: result[.memory(key)] = nil
      case 1, 2:
        let (path, record) = memory(key, "\(random.next() % 3)", at: Int64(random.next() % 3))
        result[path] = record.contents
      default: break
      }
    }
    return result
  }
}
