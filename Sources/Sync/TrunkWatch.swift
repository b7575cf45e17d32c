import Git
import Platform

/// "Has trunk moved since the last sync?", answered from two or three small files before anything else is opened.
///
/// `<common>/preflight/synced` names the refs with the ids that they had: `refs/heads/main ID`, one a line, `-` for a ref
/// that was not there. Because the names are in it, no configuration has to be read.
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
    for line in lines {
      guard let space = line.lastIndex(of: UInt8(ascii: " ")) else { return .unrecorded }
      let recorded = ObjectID(hex: line[(space + 1)...])
      if try target(of: String(decoding: line[..<space], as: UTF8.self)) != recorded { return .moved }
    }
    return .unmoved
  }

  /// What trunk's refs name now; to be taken before the work that it is to be recorded for.
  public func snapshot(of names: TrunkNames) throws(GitError) -> Snapshot {
    var targets: [Snapshot.Target] = []
    for name in [names.branch, names.remoteBranch].compactMap({ $0 }) {
      targets.append(Snapshot.Target(name: name, id: try target(of: name)))
    }
    return Snapshot(targets: targets)
  }

  /// Everybody has been brought to `snapshot`, or has been named.
  public func record(_ snapshot: Snapshot) throws(GitError) {
    let text = snapshot.targets.map { "\($0.name) \($0.id?.description ?? "-")\n" }.joined()
    try fileSystem { () throws(SystemError) in
      try layout.stateDirectory.createDirectories()
      try file.write(Array(text.utf8))
    }
  }

  public struct Snapshot: Hashable, Sendable {
    struct Target: Hashable, Sendable {
      let name: String
      let id: ObjectID?
    }

    let targets: [Target]
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
