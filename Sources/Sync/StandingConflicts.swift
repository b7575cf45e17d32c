import Git
import Platform
import StateFiles

/// Streams that did not go onto trunk, kept until they do, so that every sync and every command can name them again.
public struct StandingConflicts {
  private let files: BranchFiles

  public init(_ layout: RepositoryLayout) { files = BranchFiles(directory: layout.stateDirectory / "conflicts") }

  public func all() throws(GitError) -> [Conflict] { try files.all().compactMap { Conflict(encoded: $0) } }

  /// - Parameter branch: in full.
  public func conflict(of branch: String) throws(GitError) -> Conflict? {
    try files.read(branch).flatMap { Conflict(encoded: $0) }
  }

  func record(_ conflict: Conflict) throws(GitError) { try files.write(conflict.encoded, for: conflict.branch) }

  func settle(_ branch: String) throws(GitError) { try files.remove(branch) }
}

extension Conflict {
  /// Fields ended by NUL; those after the eighth are the files.
  fileprivate var encoded: [UInt8] {
    let ids = ["\(tip)", "\(onto)", "\(base)", commit.map { "\($0)" } ?? ""].map { Array($0.utf8) }
    let fields = [Array("conflict 1".utf8), Array(branch.utf8)] + ids + [subject, Array((saved ?? "").utf8)] + files
    return Array(fields.map { $0 + [0] }.joined())
  }

  fileprivate init?(encoded bytes: [UInt8]) {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard fields.count >= 9, fields[0] == Array("conflict 1".utf8), let tip = ObjectID(hex: fields[2]),
      let onto = ObjectID(hex: fields[3]), let base = ObjectID(hex: fields[4])
    else { return nil }
    self.init(
      branch: String(decoding: fields[1], as: UTF8.self), tip: tip, onto: onto, base: base,
      commit: ObjectID(hex: fields[5]), subject: fields[6], files: Array(fields[8..<(fields.count - 1)]),
      saved: fields[7].isEmpty ? nil : String(decoding: fields[7], as: UTF8.self))
  }
}
