import Git
import Platform
import StateFiles

/// Moves that have begun and not ended, on the disk before anything changes: whoever finds one knows that a sync died.
struct Journal {
  struct Record: Hashable {
    /// In full.
    var branch: String
    var gitDirectory: FilePath
    var path: FilePath
    var old: ObjectID
    var onto: ObjectID
    /// Our own process, and the git that it started; the latter is known only once it runs.
    var owner: Int32
    var process: Int32?
    /// Nanoseconds since 1970.
    var began: Int64
  }

  private let files: BranchFiles

  init(_ layout: RepositoryLayout) { files = .rebases(layout) }

  var isEmpty: Bool { files.isEmpty }

  func write(_ record: Record) throws(GitError) {
    try files.write(record.encoded, for: record.branch, durable: true)
  }

  func strike(_ record: Record) throws(GitError) { try files.remove(record.branch) }

  /// What cannot be read is no record of ours: each is written whole.
  func records() throws(GitError) -> [Record] { try files.all().compactMap { Record($0) } }
}

extension Journal.Record {
  /// Fields ended by NUL, in the order below; the first says which form this is.
  fileprivate var encoded: [UInt8] {
    let numbers = ["\(old)", "\(onto)", "\(owner)", process.map { "\($0)" } ?? "", "\(began)"].map { Array($0.utf8) }
    let fields = [Array("move 1".utf8), Array(branch.utf8), gitDirectory.bytes, path.bytes] + numbers
    return Array(fields.map { $0 + [0] }.joined())
  }

  fileprivate init?(_ bytes: [UInt8]) {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard fields.count == 10, fields[0] == Array("move 1".utf8), let old = ObjectID(hex: fields[4]),
      let onto = ObjectID(hex: fields[5]), let owner = Int32(String(decoding: fields[6], as: UTF8.self)),
      let began = Int64(String(decoding: fields[8], as: UTF8.self))
    else { return nil }
    self.init(
      branch: String(decoding: fields[1], as: UTF8.self), gitDirectory: FilePath(fields[2]), path: FilePath(fields[3]),
      old: old, onto: onto, owner: owner, process: Int32(String(decoding: fields[7], as: UTF8.self)), began: began)
  }
}
