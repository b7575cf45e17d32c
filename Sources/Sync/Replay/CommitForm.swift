import Git

/// The bytes of a commit as git's rebase (sequencer) writes them anew.
///
/// It keeps the author line and the message, less blank lines before its subject. It leaves out signatures and all headers
/// that it does not know, and takes bytes that are not UTF-8 for Latin-1.
struct CommitForm {
  /// `Name <mail> seconds zone`: the present user, asked of git once.
  let committer: [UInt8]

  /// `nil` where git has to write the commit; see `GitOnlyReason.commitForm`.
  func contents(of commit: Commit, tree: ObjectID, parent: ObjectID) -> [UInt8]? {
    guard !commit.author.isEmpty, !commit.message.contains(0), isUTF8(commit.encoding ?? Array("utf-8".utf8)) else {
      return nil
    }
    var bytes = Array("tree \(tree)\nparent \(parent)\nauthor ".utf8) + commit.author
    bytes += Array("\ncommitter ".utf8) + committer + Array("\n\n".utf8) + Self.message(commit.message)
    return GitUTF8.latin1Repaired(bytes)
  }

  /// From the first line that is not blank; see find_commit_subject in git's sources.
  private static func message(_ message: [UInt8]) -> ArraySlice<UInt8> {
    var rest = message[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
      guard rest[..<end].allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { break }
      rest = rest[end...]
    }
    return rest
  }
}

/// UTF-8 as git checks it in commits: no surrogates, no noncharacters, nothing beyond U+10FFFF, nothing overlong.
enum GitUTF8 {
  /// `bytes`, each that is not part of a valid character replaced by the Latin-1 character of its number.
  static func latin1Repaired(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16)
    var rest = bytes[...]
    while let byte = rest.first {
      if let length = characterLength(rest) {
        result += rest.prefix(length)
        rest = rest.dropFirst(length)
      } else {
        result += [0xC0 + byte >> 6, 0x80 + byte & 0x3F]
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// The bytes of the character that `bytes` begin with; `nil` where they begin with none.
  private static func characterLength(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = bytes.first else { return nil }
    if first < 0x80 { return 1 }
    let length = (~first).leadingZeroBitCount
    guard (2...4).contains(length), bytes.count >= length else { return nil }
    var scalar = UInt32(first) & (0x7F >> UInt32(length))
    for byte in bytes.dropFirst().prefix(length - 1) {
      guard byte & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    let least: [UInt32] = [0x80, 0x800, 0x1_0000]
    guard scalar >= least[length - 2], scalar <= 0x10_FFFF, !(0xD800...0xDFFF).contains(scalar),
      scalar & 0xFFFE != 0xFFFE, !(0xFDD0...0xFDEF).contains(scalar)
    else { return nil }
    return length
  }
}
