import Git
import Platform

/// What is noted before a worktree is taken away, and struck when all of it is gone.
struct RemovalRecord: Hashable {
  /// Its name in `worktrees/` of the common directory.
  var name: [UInt8]
  var path: FilePath
  /// Where its directory is put, beside where it was, before anything of it is removed.
  var aside: FilePath
  /// In full; `nil` when detached.
  var branch: String?
  /// Where the branch stood, if it is to go with its worktree.
  var mergedTip: ObjectID?
  /// The reasons that were passed over.
  var forced: Set<String>
  /// Whether the directory was looked at once more where it is put aside: from then on there is no way back.
  var isSettled = false
}

/// The removals that have begun, a small file each.
struct RemovalRecords {
  private let directory: FilePath

  init(_ layout: RepositoryLayout) { directory = layout.stateDirectory / "removing" }

  func all() throws(SystemError) -> [RemovalRecord] {
    guard directory.isDirectory else { return [] }
    var result: [RemovalRecord] = []
    for name in try directory.entries() where name.bytes.first != UInt8(ascii: ".") {
      if let record = RemovalRecord(encoded: try directory.appending(name.bytes).contents()) { result.append(record) }
    }
    return result
  }

  func begin(_ record: RemovalRecord) throws(SystemError) {
    try directory.createDirectories()
    try file(record).write(record.encoded, durable: true)
  }

  func end(_ record: RemovalRecord) throws(SystemError) { try file(record).remove() }

  private func file(_ record: RemovalRecord) -> FilePath {
    directory.appending(fileName(for: String(decoding: record.name, as: UTF8.self)))
  }
}

extension RemovalRecord {
  /// Fields ended by NUL; those after the seventh are the reasons that were passed over.
  fileprivate var encoded: [UInt8] {
    let fields =
      [Array("removal 1".utf8), name, path.bytes, aside.bytes, Array((branch ?? "").utf8)]
      + [Array((mergedTip.map { "\($0)" } ?? "").utf8), Array((isSettled ? "settled" : "").utf8)]
      + forced.sorted().map { Array($0.utf8) }
    return Array(fields.map { $0 + [0] }.joined())
  }

  fileprivate init?(encoded bytes: [UInt8]) {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard fields.count >= 8, fields[0] == Array("removal 1".utf8), fields.last == [] else { return nil }
    name = fields[1]
    path = FilePath(fields[2])
    aside = FilePath(fields[3])
    branch = fields[4].isEmpty ? nil : String(decoding: fields[4], as: UTF8.self)
    mergedTip = ObjectID(hex: fields[5])
    isSettled = !fields[6].isEmpty
    forced = Set(fields[7..<(fields.count - 1)].map { String(decoding: $0, as: UTF8.self) })
  }
}
