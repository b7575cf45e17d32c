import Git
import Testing

@testable import Sync

@Suite("What two sides changed")
struct ChangeSetTests {
  private func entry(_ digit: String) -> TreeEntry {
    TreeEntry(mode: 0o100644, id: ObjectID(hex: String(repeating: digit, count: 40))!)  // 40 digits
  }

  /// `+path`, `-path` or `path`, then `=` and a digit for the new content, which is 2 otherwise.
  private func set(_ changes: String...) -> ChangeSet {
    ChangeSet(
      changes.map { text in
        let parts = text.split(separator: "=").map(String.init)
        let new = entry(parts.count > 1 ? parts[1] : "2")
        let path = Array(parts[0].drop { "+-".contains($0) }.utf8)
        switch parts[0].first {
        case "+": return TreeChange(path: path, old: nil, new: new)
        case "-": return TreeChange(path: path, old: entry("1"), new: nil)
        default: return TreeChange(path: path, old: entry("1"), new: new)
        }
      })
  }

  private func both(_ one: ChangeSet, _ other: ChangeSet) -> [String]? {
    guard case .pathByPath(let both) = one.meets(other) else { return nil }
    return both.map { String(decoding: $0.ours.path, as: UTF8.self) }
  }

  @Test("Only paths that both changed, and not to the same, have to be looked at")
  func disjoint() {
    #expect(both(set("a", "src/b", "+c"), set("src/d", "-e", "+f/g")) == [])
    #expect(both(set("a", "b=3"), set("a", "b=4", "-c")) == ["b"])
    #expect(both(set("-a"), set("-a")) == ["a"])
  }

  @Test("What comes to lie below a directory that may be gone on the other side is git's")
  func goneDirectories() {
    #expect(both(set("-src/a"), set("+src/deep/new")) == nil)
    #expect(both(set("+src/new"), set("-src/a")) == nil)
    #expect(both(set("-src/a"), set("src/b")) == [])
    #expect(both(set("-lib/a"), set("+src/new")) == [])
  }

  @Test("A directory that is known to be still there may be added to")
  func keptDirectories() throws {
    var thinned = set("-src/deep/a")
    try thinned.keepDirectories { $0.elementsEqual("src".utf8) }
    #expect(both(thinned, set("+src/new")) == [])
    #expect(both(thinned, set("+src/deep/new")) == nil)
  }

  @Test("A file where the other side has a directory is git's")
  func filesAndDirectories() {
    #expect(both(set("+a"), set("+a/b")) == nil)
    #expect(both(set("+a/b"), set("+a")) == nil)
    #expect(both(set("+a-b"), set("+a/b")) == [])
  }

  @Test("A change on top of another one is the net of both")
  func following() {
    let later = ChangeSet([
      TreeChange(path: Array("a".utf8), old: entry("2"), new: entry("1")),
      TreeChange(path: Array("b".utf8), old: entry("2"), new: nil),
      TreeChange(path: Array("d".utf8), old: nil, new: entry("5")),
    ])
    let net = later.following(set("a", "+b", "c"))
    #expect(net.changes.map { String(decoding: $0.path, as: UTF8.self) } == ["c", "d"])
    #expect(later.following(set("b")).changes.map(\.old) == [entry("2"), entry("1"), nil])
  }
}
