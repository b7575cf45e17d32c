import Git
import Platform

/// What is noted before git begins to make a worktree, and struck when all of it is there: what a killed making has left is
/// known by it, and nothing else is ever taken for such.
struct MakingRecord: Hashable {
  /// In full.
  var branch: String
  var path: FilePath
  /// The names in `worktrees/` of the common directory before git began.
  var registered: [[UInt8]]
}

/// The makings that have begun, a small file each.
struct MakingRecords {
  private let directory: FilePath

  init(_ layout: RepositoryLayout) { directory = layout.stateDirectory / "making" }

  func record(of branch: String) throws(SystemError) -> MakingRecord? {
    guard let bytes = try file(branch).contentsIfPresent() else { return nil }
    return MakingRecord(encoded: bytes)
  }

  func begin(_ record: MakingRecord) throws(SystemError) {
    try directory.createDirectories()
    try file(record.branch).write(record.encoded, durable: true)
  }

  func end(_ branch: String) throws(SystemError) { try file(branch).remove() }

  /// Two branches never share a file: everything but lower-case letters, digits, `-` and `_` is written in hexadecimal.
  private func file(_ branch: String) -> FilePath { directory.appending(fileName(for: branch)) }
}

/// A name for a file that no other text has, where the disk ignores case, too; of texts that are longer than names may be
/// only the end tells, which is where branches differ.
func fileName(for text: String) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  var name: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      name.append(byte)
    default: name += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return Array(name.suffix(240))
}

extension MakingRecord {
  /// Fields ended by NUL; those after the third are the names.
  fileprivate var encoded: [UInt8] {
    let fields = [Array("making 1".utf8), Array(branch.utf8), path.bytes] + registered
    return Array(fields.map { $0 + [0] }.joined())
  }

  fileprivate init?(encoded bytes: [UInt8]) {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard fields.count >= 4, fields[0] == Array("making 1".utf8), fields.last == [] else { return nil }
    self.init(
      branch: String(decoding: fields[1], as: UTF8.self), path: FilePath(fields[2]),
      registered: Array(fields[3..<(fields.count - 1)]))
  }
}
