import Git
import Platform
import StateFiles

extension Repository {
  /// Where `branch` is pushed to, if it ever was: `branch.<name>.pushRemote`, `remote.pushDefault`, the upstream's remote,
  /// else trunk's; see git-config(1), "push.default". Trunk itself is nobody's publication, whatever is configured.
  public func publication(of branch: String, trunk: TrunkNames) throws(GitError) -> Publication? {
    let settings = try configuration()
    let short = branch.shortBranchName
    let upstream = settings["branch.\(short).remote"].flatMap { $0 == "." ? nil : $0 }
    let pushed = settings["branch.\(short).pushremote"] ?? settings["remote.pushdefault"]
    guard let remote = pushed ?? upstream ?? trunk.remote else { return nil }
    var name = branch
    if let style = settings["push.default"], ["upstream", "tracking"].contains(style), upstream == remote,
      let merge = settings["branch.\(short).merge"]
    {
      name = merge
    }
    guard name.hasPrefix("refs/heads/"), !name.isSameName(as: trunk.branch) else { return nil }
    let tracking = "refs/remotes/\(remote)/\(name.shortBranchName)"
    guard let target = try target(of: tracking) else { return nil }
    return Publication(remote: remote, branch: name, tracking: Reference(name: tracking, target: target))
  }

  /// Whether a branch holds `commit` or has held it at some time, so that nobody else's work is in it: what
  /// `git push --force-if-includes` asks, too.
  public func hasIncluded(_ commit: ObjectID, in branch: String, at tip: ObjectID) throws(GitError) -> Bool {
    if try isAncestor(commit, of: tip) { return true }
    let log = try git.run(["rev-list", "--walk-reflogs", Argument(branch), "--"])
    guard log.succeeded else { return false }
    let held = log.output.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(hex: $0) }
    return try commitIDs(reachableFrom: [commit], excluding: held, limit: 1).isEmpty
  }
}
