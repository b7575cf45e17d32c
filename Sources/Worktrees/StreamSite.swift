import Git
import Plan
import Platform

/// Where the plan puts a stream: its branch, and the directory of its worktree.
public struct StreamSite: Hashable, Sendable {
  public var stream: Plan.Stream
  /// Absolute.
  public var path: FilePath

  /// In full.
  public var branch: String { "refs/heads/\(stream.branch)" }

  public init(_ stream: Plan.Stream, of plan: Plan, in layout: RepositoryLayout) {
    self.stream = stream
    let main = layout.mainWorktreePath ?? layout.commonDirectory
    let name = stream.directory ?? FilePath(stream.branch).lastComponent.description
    path = main.appending(plan.worktree.directory).appending(name).normalized.withoutTrailingSlashes
  }

  func worktree(among all: [Worktree]) -> Worktree? {
    all.first { $0.branch?.utf8.elementsEqual(branch.utf8) ?? false }
  }
}

/// What is there of a stream's worktree, and so what is to be done about it.
public enum SiteStanding: Hashable, Sendable {
  case ready(Worktree)
  /// Nothing but, perhaps, the branch.
  case absent
  /// A making that did not come to its end.
  case halfMade(HalfMade)
  case blocked(Obstacle)

  public enum HalfMade: Hashable, Sendable {
    /// git has registered it, and perhaps written some of its files.
    case registered(Worktree)
    /// What is there is no worktree yet.
    case remains
  }

  /// What keeps a worktree from being made or finished; a person has to decide.
  public enum Obstacle: Hashable, Sendable {
    /// A file, or a directory that is not empty.
    case inTheWay(FilePath)
    /// The directory is a worktree of this repository with another branch, given in full; `nil` when detached.
    case otherBranch(FilePath, String?)
    /// The registered directory is gone, or belongs to somebody else now.
    case directoryGone(FilePath)
    /// git would not find the files of the worktree that stands there.
    case misplaced(Worktree.Absence)
    /// By `git worktree lock`, and not to be found; with the reason, which may be empty.
    case locked(FilePath, String)
    /// Another git is making it, or has died while it did.
    case beingMade(FilePath)
    /// The branch was deleted under it; where it stood.
    case branchDeleted(FilePath, last: ObjectID?)
    /// Somebody is at work in what is half made.
    case occupied(FilePath, process: Int32)
    /// The stream that it is stacked on has no branch.
    case noParent(String)
    /// git has refused, in its own words.
    case refused(String)
  }
}

extension SiteStanding {
  /// - Parameters:
  ///   - begun: whether we began to make it and have not noted the end.
  ///   - worktrees: all of the repository.
  init(_ site: StreamSite, begun: Bool, worktrees: [Worktree], in repository: Repository) throws {
    if let worktree = site.worktree(among: worktrees) {
      self = try Self.standing(of: worktree, site, begun: begun, in: repository)
      return
    }
    if begun {
      self = .halfMade(.remains)
    } else if let other = worktrees.first(where: { Self.isSamePlace($0.path, site.path) }) {
      self = .blocked(Self.obstacle(other) ?? .otherBranch(other.path, other.branch))
    } else {
      self = Self.isFree(site.path) ? .absent : .blocked(.inTheWay(site.path))
    }
  }

  private static func standing(
    of worktree: Worktree, _ site: StreamSite, begun: Bool, in repository: Repository
  ) throws -> SiteStanding {
    let isInitialising = worktree.lockReason == Self.gitsOwnLock
    if let obstacle = obstacle(worktree) {
      if begun, worktree.absence == .gone { return .halfMade(.remains) }
      if let reason = worktree.lockReason { return .blocked(.locked(worktree.path, reason)) }
      return .blocked(obstacle)
    }
    let tip = try repository.target(of: site.branch)
    guard tip != nil else { return .blocked(.branchDeleted(worktree.path, last: worktree.lastCommit)) }
    if begun { return .halfMade(.registered(worktree)) }
    return isInitialising ? .blocked(.beingMade(worktree.path)) : .ready(worktree)
  }

  /// What keeps its files from being looked at.
  private static func obstacle(_ worktree: Worktree) -> Obstacle? {
    worktree.absence.map { $0 == .gone ? .directoryGone(worktree.path) : .misplaced($0) }
  }

  /// What `git worktree add` writes into `locked` while it is at work; we start git without translations.
  static let gitsOwnLock = "initializing"

  static func isSamePlace(_ one: FilePath, _ other: FilePath) -> Bool { one == other || one.isSameFile(as: other) }

  /// Whether git would make a worktree there.
  static func isFree(_ path: FilePath) -> Bool {
    guard let status = try? path.targetStatus() else { return path.linkTarget() == nil }
    return status.isDirectory && ((try? path.entries().isEmpty) ?? false)
  }
}
