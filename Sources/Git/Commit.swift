/// A commit: its headers and the bytes of its message, as they are in the object; see git-commit-tree(1).
public struct Commit: Sendable {
  // Thousands are read for a push and passed on: a value of one word, and nothing taken out of the object before it is asked for.
  private let storage: Storage

  private final class Storage: Sendable {
    let id: ObjectID
    let tree: ObjectID
    let parents: [ObjectID]
    /// The whole object.
    let contents: [UInt8]
    let places: Places

    init(id: ObjectID, tree: ObjectID, parents: [ObjectID], contents: [UInt8], places: Places) {
      self.id = id
      self.tree = tree
      self.parents = parents
      self.contents = contents
      self.places = places
    }
  }

  private struct Places {
    var author = 0..<0
    var committer = 0..<0
    var encoding: Range<Int>?
    var message = 0
  }

  private var contents: [UInt8] { storage.contents }
  private var places: Places { storage.places }

  public var id: ObjectID { storage.id }
  public var tree: ObjectID { storage.tree }
  /// In order; empty for a root commit.
  public var parents: [ObjectID] { storage.parents }

  /// `Name <mail> seconds zone`.
  public var author: [UInt8] { Array(contents[places.author]) }
  public var committer: [UInt8] { Array(contents[places.committer]) }
  /// The `encoding` header; `nil` means UTF-8.
  public var encoding: [UInt8]? { places.encoding.map { Array(contents[$0]) } }
  public var message: [UInt8] { Array(contents[places.message...]) }

  public var isMerge: Bool { parents.count > 1 }

  /// In memory, in bytes.
  var size: Int { contents.count }

  /// Line 1 of the message, as it is.
  public var subject: [UInt8] { firstLine(contents[places.message...].drop { $0 == UInt8(ascii: "\n") }) }

  /// Seconds since 1970; 0 where the header is damaged.
  public var committed: Int64 {
    let line = contents[places.committer]
    guard let zone = line.lastIndex(of: UInt8(ascii: " ")) else { return 0 }
    let start = line[..<zone].lastIndex(of: UInt8(ascii: " ")).map { $0 + 1 } ?? line.startIndex
    var digits = line[start..<zone]
    let isBefore1970 = digits.first == UInt8(ascii: "-")
    if isBefore1970 { digits = digits.dropFirst() }
    if digits.isEmpty || digits.count > 18 { return 0 }
    var seconds: Int64 = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return 0 }
      seconds = seconds * 10 + Int64(digit - UInt8(ascii: "0"))
    }
    return isBefore1970 ? -seconds : seconds
  }

  init(id: ObjectID, contents: [UInt8]) throws(GitError) {
    var tree: ObjectID?
    var parents: [ObjectID] = []
    var places = Places()
    contents.withUnsafeBytes { bytes in
      var start = 0
      while let end = bytes.lineEnd(from: start) {
        let line = start..<end
        start = end + 1
        if line.isEmpty { break }  // the message follows
        func value(of header: StaticString) -> Range<Int>? {
          bytes.hasWord(header, in: line) ? (line.lowerBound + header.utf8CodeUnitCount)..<line.upperBound : nil
        }
        func name(_ range: Range<Int>) -> ObjectID? { ObjectID(digits: UnsafeRawBufferPointer(rebasing: bytes[range])) }
        if let value = value(of: "tree ") {
          tree = name(value)
        } else if let value = value(of: "parent ") {
          if let parent = name(value) { parents.append(parent) }
        } else if let value = value(of: "author ") {
          places.author = value
        } else if let value = value(of: "committer ") {
          places.committer = value
        } else if let value = value(of: "encoding ") {
          places.encoding = value
        }
      }
      places.message = start
    }
    guard let tree else { throw GitError(.malformed("commit \(id)")) }
    storage = Storage(id: id, tree: tree, parents: parents, contents: contents, places: places)
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func lineEnd(from start: Int) -> Int? {
    var end = start
    while end < count {
      if self[end] == UInt8(ascii: "\n") { return end }
      end += 1
    }
    return nil
  }

  fileprivate func hasWord(_ word: StaticString, in line: Range<Int>) -> Bool {
    let length = word.utf8CodeUnitCount
    guard line.count >= length else { return false }
    let start = word.utf8Start
    for offset in 0..<length where self[line.lowerBound + offset] != start[offset] { return false }
    return true
  }
}
