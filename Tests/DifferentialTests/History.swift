/// A trunk and a stream that have grown apart, as a model: what git is told to make of it is in `FastImport`.
struct History {
  struct File: Hashable {
    var mode = 0o100644
    var contents: [UInt8]

    static let submodule = 0o160000
    static let link = 0o120000
    static let program = 0o100755
  }

  /// Paths are bytes, kept in order so that the same seed gives the same history.
  typealias Files = [[UInt8]: File]

  struct Commit {
    /// Places in `commits`.
    var parents: [Int]
    var files: Files
    var message: [UInt8]
    var author: [UInt8]
    /// The `encoding` header.
    var encoding: String?
  }

  var seed: UInt64
  var profile: Profile
  var commits: [Commit] = []
  /// Where trunk and the stream are.
  var onto = 0
  var tip = 0

  /// What a history is made of.
  enum Profile: CaseIterable {
    /// As streams of one repository are: files of unlike lines, edits at different places, now and then a rename.
    case ordinary
    /// Few names, few different lines, and every way to move files about.
    case entangled
  }
}

extension History.Files {
  var paths: [[UInt8]] { keys.sorted { $0.lexicographicallyPrecedes($1) } }

  /// Removes what cannot be beside a file at `path`: files above and below it.
  mutating func place(_ file: History.File, at path: [UInt8]) {
    for other in keys where other.isBelow(path) || path.isBelow(other) { self[other] = nil }
    self[path] = file
  }
}

extension [UInt8] {
  init(_ text: String) { self = Array(text.utf8) }

  fileprivate func isBelow(_ directory: [UInt8]) -> Bool {
    count > directory.count && starts(with: directory) && self[directory.count] == UInt8(ascii: "/")
  }

  /// With its slash; empty for the top.
  var directory: [UInt8] { lastIndex(of: UInt8(ascii: "/")).map { Array(self[...$0]) } ?? [] }

  var lastName: [UInt8] { Array(self[directory.count...]) }
}
