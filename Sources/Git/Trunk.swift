/// The branch that everything merges into: the local branch and its remote-tracking ref together.
public struct Trunk: Hashable, Sendable {
  /// In full: `refs/heads/main`.
  public let branch: String
  /// In full: `refs/remotes/origin/main`; `nil` where no remote is recorded.
  public let remoteBranch: String?
  public let local: ObjectID?
  public let remote: ObjectID?
  /// The tip: whichever of the two contains the other; while they have diverged, the remote's.
  public let tip: ObjectID
  /// Whether neither contains the other: guards then ask both, and sync moves nothing.
  public let isDiverged: Bool

  /// One tip, or both while they have diverged.
  public var tips: [ObjectID] { isDiverged ? [local, remote].compactMap { $0 } : [tip] }

  public init(
    branch: String, remoteBranch: String?, local: ObjectID?, remote: ObjectID?, tip: ObjectID, isDiverged: Bool
  ) {
    self.branch = branch
    self.remoteBranch = remoteBranch
    self.local = local
    self.remote = remote
    self.tip = tip
    self.isDiverged = isDiverged
  }
}

/// Which branch is trunk and which remote has it: what `preflight install` wrote into the repository's configuration.
public struct TrunkNames: Hashable, Sendable {
  public static let branchKey = "preflight.trunk"
  public static let remoteKey = "preflight.remote"

  /// In full.
  public var branch: String
  public var remote: String?

  public init(branch: String, remote: String?) {
    self.branch = branch.hasPrefix("refs/") ? branch : "refs/heads/" + branch
    self.remote = remote
  }

  public var remoteBranch: String? { remote.map { "refs/remotes/\($0)/\(branch.shortBranchName)" } }
}

extension Repository {
  /// What is recorded; `nil` where nothing was installed.
  public func recordedTrunk() throws(GitError) -> TrunkNames? {
    let settings = try configuration()
    guard let branch = settings[TrunkNames.branchKey], !branch.isEmpty else { return nil }
    return TrunkNames(branch: branch, remote: settings[TrunkNames.remoteKey].flatMap { $0.isEmpty ? nil : $0 })
  }

  /// What is recorded, else what the repository looks like: the remote's HEAD, `init.defaultBranch`, `main`, `master`.
  public func trunkNames() throws(GitError) -> TrunkNames? {
    if let recorded = try recordedTrunk() { return recorded }
    let settings = try configuration()
    let remotes = Set(
      settings.keys.compactMap { key -> String? in
        guard key.hasPrefix("remote."), key.hasSuffix(".url") else { return nil }
        return String(key.dropFirst("remote.".count).dropLast(".url".count))
      }
    ).sorted()
    let remote = remotes.contains("origin") ? "origin" : remotes.count == 1 ? remotes[0] : nil
    if let remote {
      let prefix = "refs/remotes/\(remote)/"
      if let head = try git.lineIfAny(["symbolic-ref", "--quiet", "\(prefix)HEAD"]), head.hasPrefix(prefix) {
        return TrunkNames(branch: String(head.dropFirst(prefix.count)), remote: remote)
      }
    }
    for name in [settings["init.defaultbranch"], "main", "master"].compactMap({ $0 }) {
      let names = TrunkNames(branch: name, remote: remote)
      if try target(of: names.branch) != nil { return names }
      if let remoteBranch = names.remoteBranch, try target(of: remoteBranch) != nil { return names }
    }
    return nil
  }

  /// What trunk's two refs name now; both `nil` when neither exists.
  public func trunkTargets(_ names: TrunkNames) throws(GitError) -> (local: ObjectID?, remote: ObjectID?) {
    let local = try target(of: names.branch)
    let remote = if let remoteBranch = names.remoteBranch { try target(of: remoteBranch) } else { ObjectID?.none }
    return (local, remote)
  }

  /// Where trunk is now; `nil` when neither of its refs exists.
  public func trunk(_ names: TrunkNames) throws(GitError) -> Trunk? {
    let (local, remote) = try trunkTargets(names)
    func trunk(_ tip: ObjectID, diverged: Bool = false) -> Trunk {
      Trunk(
        branch: names.branch, remoteBranch: names.remoteBranch, local: local, remote: remote, tip: tip,
        isDiverged: diverged)
    }
    switch (local, remote) {
    case (nil, nil): return nil
    case (let id?, nil), (nil, let id?): return trunk(id)
    case (let local?, let remote?):
      switch try mergeBase(local, remote) {
      case .found(remote): return trunk(local)
      case .found(local): return trunk(remote)
      default: return trunk(remote, diverged: true)
      }
    }
  }
}

extension Trunk {
  /// A commit that a person named in trunk's place.
  public init(standingAt commit: ObjectID, for names: TrunkNames?) {
    self.init(
      branch: names?.branch ?? "refs/heads/main", remoteBranch: nil, local: commit, remote: nil, tip: commit,
      isDiverged: false)
  }
}
