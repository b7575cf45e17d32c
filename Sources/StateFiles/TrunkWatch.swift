import Git
import Platform

/// "Has trunk moved since the last sync?", answered from two or three small files before anything else is opened.
///
/// `<common>/preflight/synced` names the refs with the ids that they had: `refs/heads/main ID`, one a line, `-` for a ref
/// that was not there: trunk's, and those that streams are stacked on. Because the names are in it, no configuration has to
/// be read. Then it names the linked worktrees that there were, `worktree NAME`: one that was added since stands where its
/// branch was left, which may be far behind.
public struct TrunkWatch {
  public enum Answer: Hashable, Sendable {
    case unmoved
    case moved
    /// No sync has ever been recorded here.
    case unrecorded
  }

  private let layout: RepositoryLayout
  private let environment: Environment

  public init(_ layout: RepositoryLayout, environment: Environment = .current) {
    self.layout = layout
    self.environment = environment
  }

  private var file: FilePath { layout.stateDirectory / "synced" }

  public func answer() throws(GitError) -> Answer {
    guard let bytes = try fileSystem({ () throws(SystemError) in try file.contentsIfPresent() }) else {
      return .unrecorded
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    if lines.isEmpty { return .unrecorded }
    for line in lines where !line.starts(with: Self.worktreePrefix) {
      guard let space = line.lastIndex(of: UInt8(ascii: " ")) else { return .unrecorded }
      let recorded = ObjectID(hex: line[(space + 1)...])
      if try target(of: String(decoding: line[..<space], as: UTF8.self)) != recorded { return .moved }
    }
    let known = lines.filter { $0.starts(with: Self.worktreePrefix) }.map {
      Array($0.dropFirst(Self.worktreePrefix.count))
    }
    return try known == linkedWorktrees() ? .unmoved : .moved
  }

  /// Trunk's branch, in full, as the last sync has named it; `nil` where none is recorded.
  public func trunkBranch() throws(GitError) -> String? {
    guard let bytes = try fileSystem({ () throws(SystemError) in try file.contentsIfPresent() }),
      let line = bytes.split(separator: UInt8(ascii: "\n")).first, let space = line.lastIndex(of: UInt8(ascii: " "))
    else { return nil }
    return String(decoding: line[..<space], as: UTF8.self)
  }

  /// Whether a hook or a command has anything to do here: trunk has moved, or a sync has died.
  ///
  /// A few small files are read; the repository is not opened.
  public func isSyncNeeded() throws(GitError) -> Bool {
    try answer() != .unmoved || !BranchFiles.rebases(layout).isEmpty || !BranchFiles.moves(layout).isEmpty
  }

  private static let worktreePrefix = Array("worktree ".utf8)

  /// The names under which git keeps the linked worktrees, which are made of letters that a branch may have; sorted.
  private func linkedWorktrees() throws(GitError) -> [[UInt8]] {
    let registry = layout.commonDirectory / "worktrees"
    guard registry.isDirectory else { return [] }
    let names = try fileSystem { () throws(SystemError) in try registry.entries() }
    return names.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// What trunk's refs name now, and which worktrees there are; to be taken before the work that it is to be recorded for.
  ///
  /// - Parameter branches: others that somebody follows, in full.
  public func snapshot(of names: TrunkNames, and branches: [String] = []) throws(GitError) -> Snapshot {
    var targets: [Snapshot.Target] = []
    for name in [names.branch, names.remoteBranch].compactMap({ $0 }) + branches {
      targets.append(Snapshot.Target(name: name, id: try target(of: name)))
    }
    return Snapshot(targets: targets, worktrees: try linkedWorktrees())
  }

  /// Everybody has been brought to `snapshot`, or has been named.
  public func record(_ snapshot: Snapshot) throws(GitError) {
    var text = Array(snapshot.targets.map { "\($0.name) \($0.id?.description ?? "-")\n" }.joined().utf8)
    for name in snapshot.worktrees { text += Self.worktreePrefix + name + [UInt8(ascii: "\n")] }
    try fileSystem { () throws(SystemError) in
      try layout.stateDirectory.createDirectories()
      try file.write(text)
    }
  }

  public struct Snapshot: Hashable, Sendable {
    struct Target: Hashable, Sendable {
      let name: String
      let id: ObjectID?
    }

    private(set) var targets: [Target]
    let worktrees: [[UInt8]]

    /// What we have moved ourselves is no reason to look again.
    package mutating func update(_ branch: String, to tip: ObjectID) {
      for index in targets.indices where targets[index].name.isSameName(as: branch) {
        targets[index] = Target(name: targets[index].name, id: tip)
      }
    }
  }

  private func target(of name: String) throws(GitError) -> ObjectID? {
    switch ReferenceFiles(commonDirectory: layout.commonDirectory).target(of: name) {
    case .found(let id): return id
    case .absent: return nil
    case .unknown:
      let git = GitCommand(onRefsOf: layout, environment: environment)
      return ObjectID(hex: try git.lineIfAny(["rev-parse", "--verify", "--quiet", Argument(name)]) ?? "")
    }
  }
}
