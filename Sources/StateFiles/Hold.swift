import Git
import Platform

/// `preflight hold`: a person's wish that a worktree be left where it is. Kept in the worktree's own git directory.
public struct Hold {
  private let file: FilePath

  public init(_ layout: RepositoryLayout) { file = layout.worktreeStateDirectory / "hold" }
  public init(_ worktree: Worktree) { self.init(worktree.layout) }

  /// Why; empty when no reason was given, `nil` when the worktree is not on hold.
  public func reason() throws(GitError) -> String? {
    let bytes = try fileSystem { () throws(SystemError) in try file.contentsIfPresent() }
    return bytes.map { String(decoding: firstLine($0), as: UTF8.self) }
  }

  public func place(reason: String = "") throws(GitError) {
    let line = reason.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
    try fileSystem { () throws(SystemError) in
      try file.parent.createDirectories()
      try file.write(Array("\(line)\n".utf8))
    }
  }

  public func lift() throws(GitError) {
    try fileSystem { () throws(SystemError) in try file.remove() }
  }
}

/// A worktree that a sync had to leave behind: its own next commit or command brings it along.
public struct Due {
  private let file: FilePath

  public init(_ layout: RepositoryLayout) { file = layout.worktreeStateDirectory / "due" }
  public init(_ worktree: Worktree) { self.init(worktree.layout) }

  /// The code of why it was left; `nil` when it is not due.
  public func reason() -> String? { lines?.first }

  /// The same; `nil` as well where the branch has come by itself to where it was to go, as by a rebase by hand.
  public func reason(at tip: ObjectID, in repository: Repository) throws(GitError) -> String? {
    guard let lines, let reason = lines.first else { return nil }
    guard lines.count > 1, let onto = ObjectID(hex: lines[1].utf8), try repository.hasObject(onto) else {
      return reason
    }
    return try repository.isAncestor(onto, of: tip) ? nil : reason
  }

  /// The reason, and what the branch was to stand on.
  private var lines: [String]? {
    (try? file.contentsIfPresent()).map { bytes in
      bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// - Parameter reason: `LeaveReason.code`.
  package func mark(_ reason: String, onto: ObjectID?) throws(GitError) {
    try fileSystem { () throws(SystemError) in
      try file.parent.createDirectories()
      try file.write(Array("\(reason)\n\(onto.map { "\($0)\n" } ?? "")".utf8))
    }
  }

  package func clear() throws(GitError) {
    try fileSystem { () throws(SystemError) in try file.remove() }
  }
}
