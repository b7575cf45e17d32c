import Git
import Inspection
import Platform
import Rules
import StateFiles

/// What was typed to push: git does not show a hook the refs that it is going to reject by itself.
struct PushCommand: Equatable {
  /// Whether the push may overwrite: `--force`, `--force-with-lease`, `--mirror`.
  private(set) var isForced = false
  /// As typed; empty: what `push.default` says.
  private(set) var refspecs: [String] = []

  /// That of the nearest git around this hook; `nil` where it cannot be seen.
  static func around() -> PushCommand? {
    RunningProcess.ancestors().lazy.compactMap { GitInvocation($0) }.first.flatMap { PushCommand($0) }
  }

  /// `nil` for anything else than a push.
  init?(_ git: GitInvocation) {
    guard git.subcommand == "push" else { return nil }
    var words = git.arguments[...]
    var places: [String] = []
    while let word = words.popFirst() {
      if word == "--" {
        places += words
        words = []
      } else if word.hasPrefix("--") {
        // git takes every unambiguous beginning of an option.
        let overwrites = word.hasPrefix("--forc") && !word.hasPrefix("--force-i")  // --force-if-includes alone does not
        if overwrites || word.hasPrefix("--mi") { isForced = true }
        if Self.optionsWithValue.contains(word) { _ = words.popFirst() }
      } else if word.hasPrefix("-"), word != "-" {
        readFlags(word.dropFirst(), &words)
      } else {
        places.append(word)
      }
    }
    refspecs = Array(places.dropFirst())
  }

  private static let optionsWithValue = ["--push-option", "--receive-pack", "--exec", "--repo"]

  /// `-fu`; what follows an `o` is its value.
  private mutating func readFlags(_ flags: Substring, _ rest: inout ArraySlice<String>) {
    for index in flags.indices {
      switch flags[index] {
      case "f": isForced = true
      case "o":
        if flags.index(after: index) == flags.endIndex { _ = rest.popFirst() }
        return
      default: break
      }
    }
  }

  /// Whether the branch of `lease` is to go where the lease would bring it, without a word that it may overwrite.
  ///
  /// - Parameter current: the branch that is checked out, in full.
  func pushesPlainly(_ lease: PushLease, current: String?) -> Bool {
    if isForced { return false }
    if refspecs.isEmpty { return lease.branch == current }
    func matches(_ name: Substring, _ branch: String) -> Bool {
      name == branch || name == branch.shortBranchName || ["HEAD", "@"].contains(name) && branch == current
    }
    return refspecs.contains { refspec in
      if refspec.hasPrefix("+") { return false }
      let parts = refspec.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return matches(parts[0], lease.branch) && matches(parts[parts.count - 1], lease.publication.branch)
    }
  }
}

extension HookDesk {
  /// Branches that a sync has moved and that are pushed as if nothing had happened. git would reject them, and advise to
  /// pull: that would bring the old commits back beside the new ones.
  ///
  /// - Parameters:
  ///   - remote: as git names it to the hook.
  ///   - references: what git is going to push; a ref that it rejects by itself is not among them.
  public func leaseFindings(remote: String, references: [PushedReference]) throws -> [Finding] {
    let leases = try PushLeases(layout).allPending(in: repository).filter { lease in
      lease.publication.remote == remote && !references.contains { $0.remoteName == lease.publication.branch }
    }
    if leases.isEmpty { return [] }
    guard let command = PushCommand.around() else {
      // Something may be pushed that is there already, so this is no reason to refuse.
      return leases.filter { $0.branch == situation.branch && references.isEmpty }
        .map { PushLeaseRule.finding(branch: $0.branch.shortBranchName, command: $0.command(), isCertain: false) }
    }
    return leases.filter { command.pushesPlainly($0, current: situation.branch) }
      .map { PushLeaseRule.finding(branch: $0.branch.shortBranchName, command: $0.command(), isCertain: true) }
  }
}
