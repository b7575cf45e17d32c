import Git
import Platform
import Policies
import TestSupport
import Testing

@Suite("Notes of lock files to be made anew")
struct OutdatedLocksTests {
  private let place: TemporaryDirectory
  private let locks: OutdatedLocks
  private let ids = (1...2).map { ObjectID(hex: String(repeating: "0\($0)", count: 20))! }  // forty digits

  init() throws {
    place = try TemporaryDirectory()
    locks = OutdatedLocks(RepositoryLayout(gitDirectory: place.path, commonDirectory: place.path, workTree: nil))
  }

  @Test("Each path has one note, the last, and any bytes for a name")
  func notes() throws {
    #expect(try locks.all().isEmpty)
    let odd: [UInt8] = [0xff, 0x20, 0x0a]
    try locks.add(.init(path: odd, taken: ids[0]))
    try locks.add(.init(path: Array("a.lock".utf8), taken: ids[0]))
    try locks.add(.init(path: odd, taken: ids[1]))
    #expect(
      try locks.all() == [.init(path: Array("a.lock".utf8), taken: ids[0]), .init(path: odd, taken: ids[1])])
    try locks.strike(odd)
    try locks.strike(Array("b.lock".utf8))
    #expect(try locks.all().map(\.path) == [Array("a.lock".utf8)])
    try locks.strike(Array("a.lock".utf8))
    #expect(!(place.path / "preflight/outdated-locks").exists)
  }

  @Test("Damage leaves out what it has hit")
  func damage() throws {
    try locks.add(.init(path: Array("a.lock".utf8), taken: ids[0]))
    try (place.path / "preflight/outdated-locks").append(Array("half a".utf8))
    #expect(try locks.all().map(\.path) == [Array("a.lock".utf8)])
  }
}
