import Exports
import Git
import Platform

/// How far a judgement looks into the files of other worktrees.
public enum SiblingSight: Sendable {
  /// Shared files alone, and the modules that their barrels bring: what a commit can pay for.
  case barrels
  /// Every module behind a barrel, too.
  case modules
}

/// The modules of a worktree as they are on its disk, each read when somebody asks for it.
///
/// What differs from the branch's in its line ends alone is what is committed, and so is a file that is not there: it may be
/// left out of a sparse checkout, or be on its way to another name.
final class WorktreeModules {
  /// Bytes; of a larger file what is committed is known.
  private static let sizeLimit: Int64 = 8 << 20

  private let worktree: Worktree
  private let tip: Snapshot
  let isRead: ([UInt8]) -> Bool
  private var known: [[UInt8]: TreeEntry?] = [:]
  /// Files that were asked for and are not as the branch has them.
  private(set) var uncommitted: [[UInt8]: TreeEntry?] = [:]

  /// - Parameter isRead: whether a path is looked for on the disk; what is committed counts of all others.
  init(_ worktree: Worktree, tip: Snapshot, isRead: @escaping ([UInt8]) -> Bool) {
    self.worktree = worktree
    self.tip = tip
    self.isRead = isRead
  }

  /// Whether the file there is not as the branch has it.
  func isUncommitted(_ path: [UInt8]) throws -> Bool {
    _ = try entry(at: path)
    return uncommitted[path] != nil
  }

  /// What a commit of all that is there would hold.
  func entry(at path: [UInt8]) throws -> TreeEntry? {
    if let entry = known[path] { return entry }
    let committed = try tip.entry(at: path)
    var entry = committed
    if Language(path: path) != nil, committed?.isFile ?? true, isRead(path), let found = read(path, committed) {
      entry = found
      uncommitted[path] = .some(found)
    }
    known[path] = .some(entry)
    return entry
  }

  /// `nil` where the file is not there, or is what is committed.
  private func read(_ path: [UInt8], _ committed: TreeEntry?) -> TreeEntry? {
    let file = worktree.path.appending(path)
    guard let status = try? file.status(), status.isRegularFile, status.size <= Self.sizeLimit,
      var bytes = try? file.contents(), let id = try? tip.repository.blobID(of: bytes), id != committed?.id,
      !AttributeFiles(worktree.layout).mayTransform(path)
    else { return nil }
    let stored = committed.flatMap { try? tip.repository.blob($0.id) }
    if bytes.hasCarriageReturns, stored.map({ !$0.hasCarriageReturns }) ?? true { bytes = bytes.withPlainLineEnds }
    guard bytes != stored, let made = try? tip.repository.make(.blob, bytes) else { return nil }
    return TreeEntry(mode: committed?.mode ?? 0o100644, id: made)
  }
}

extension [UInt8] {
  fileprivate var hasCarriageReturns: Bool { contains(UInt8(ascii: "\r")) }

  /// With LF where there is CRLF.
  fileprivate var withPlainLineEnds: [UInt8] {
    indices.filter { index in
      self[index] != UInt8(ascii: "\r") || index + 1 == endIndex || self[index + 1] != UInt8(ascii: "\n")
    }.map { self[$0] }
  }
}
