import Checks
import Git
import Plan
import Platform

/// What was found and done for each stream.
public struct MakingReport {
  /// Why the remote could not be asked, in git's words; `nil` when it was asked, or there is none.
  public var fetchFailure: String?
  public var trunk: Trunk?
  /// In the order of the plan.
  public var entries: [Entry] = []
  /// The signal that has ended it before its time.
  public var signal: Int32?

  /// Whether all that was asked for is there now.
  public var isWhole: Bool { entries.allSatisfy(\.isWhole) }

  public struct Entry {
    public var site: StreamSite
    public var outcome: Outcome
    /// The worktree, where there is one now.
    public var worktree: Worktree?
    public var slot: Int?
    /// The commit after which the stream's own commits begin.
    public var base: ObjectID?
    /// What was linked, or could not be: paths as the plan has them.
    public var links: [Link] = []
    public var setup = CommandSeries.Outcome.done(ran: 0)
    /// Where files are kept that were there in what was half made, and differed.
    public var kept: FilePath?

    init(_ site: StreamSite, _ outcome: Outcome) {
      self.site = site
      self.outcome = outcome
    }

    /// Whether all is there now.
    public var isWhole: Bool {
      switch outcome {
      case .blocked: false
      case .wouldMake, .wouldFinish: true
      case .made, .finished, .present: setup.isDone && !links.contains { $0.outcome.isFault }
      }
    }
  }

  public enum Outcome: Hashable, Sendable {
    case made(BranchStart)
    /// A making, or a setup, that did not come to its end has been brought there.
    case finished(Unfinished)
    case present
    case blocked(SiteStanding.Obstacle)
    case wouldMake(BranchStart)
    case wouldFinish(Unfinished)
  }

  /// What was half done.
  public enum Unfinished: Hashable, Sendable {
    /// The worktree itself.
    case worktree
    /// Its setup.
    case setup
  }

  public struct Link: Hashable, Sendable {
    public var path: String
    public var outcome: LinkOutcome
    /// Whether git takes the new link for a file to be added, since what ignores a directory (`x/`) does not ignore it.
    public var isUntracked = false
  }
}

extension LinkOutcome {
  /// Whether a person has to do something about it.
  var isFault: Bool {
    switch self {
    case .made, .present, .missing, .occupied: false
    case .leadsElsewhere, .failed: true
    }
  }
}
