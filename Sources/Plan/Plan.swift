/// What a repository's streams have agreed on: `preflight.toml` as values, every default filled in.
public struct Plan: Hashable, Sendable {
  public var project = Project()
  public var commits = CommitPolicy()
  public var rules = RuleSettings()
  public var sync = SyncPolicy()
  public var worktree = WorktreePolicy()
  /// In the order of the file: the first whose pattern matches a path counts.
  public var shared: [SharedFiles] = []
  public var checks: [Check] = []
  public var afterSync: [AfterSync] = []
  /// Argument vectors; empty where the plan names none.
  public var launch: [String] = []
  public var finish: [String] = []
  public var merge: [String] = []
  public var mergeKind = MergeKind.merge
  public var notify = NotifyPolicy()
  public var hive = HivePolicy()
  /// In the order of the file.
  public var streams: [Stream] = []
  /// The rounds as a person wrote them, ids of issues or streams; empty: they are computed.
  public var rounds: [[String]] = []

  /// The plan of an empty file.
  public init() {}

  public struct Project: Hashable, Sendable {
    public var name = ""
    /// Branch names; `nil`: whatever `preflight install` recorded.
    public var trunk: String?
    public var remote: String?
    /// Issues are `<prefix>-<digits>`.
    public var issuePrefixes: [String] = []

    public init() {}
  }

  /// `[commits]`.
  public struct CommitPolicy: Hashable, Sendable {
    public static let conventionalTypes = [
      "feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert",
    ]

    public var types = conventionalTypes
    /// Empty: any.
    public var scopes: [String] = []
    public var requiresScope = false
    /// Code points, a trailing ` (#123)` not counted; 0: not checked.
    public var subjectLimit = 100
    /// Code points of a body line; 0: not checked.
    public var bodyLimit = 0
    /// Whether commit-msg mends what has one reading.
    public var fixes = true

    public init() {}
  }

  /// `[sync]`.
  public struct SyncPolicy: Hashable, Sendable {
    public enum Mode: String, Hashable, Sendable, CaseIterable {
      case rebase
      case notify
      case off
    }

    public enum Streams: String, Hashable, Sendable, CaseIterable {
      case all
      case planned
    }

    public enum Published: String, Hashable, Sendable, CaseIterable {
      case rebase
      case hold
    }

    public var mode = Mode.rebase
    public var streams = Streams.all
    public var published = Published.rebase
    /// Seconds: a worktree with a file written less than this ago is busy.
    public var quiet: Double = 20

    public init() {}
  }

  /// `[worktree]`.
  public struct WorktreePolicy: Hashable, Sendable {
    /// Where new worktrees go, relative to the main worktree.
    public var directory = "../worktrees"
    /// Files linked from the main worktree.
    public var links: [String] = []
    public var setup: [[String]] = []
    public var remove: [[String]] = []
    public var checkout = true

    public init() {}
  }

  /// `[[shared]]`: paths that several streams may change.
  public struct SharedFiles: Hashable, Sendable {
    public enum MergePolicy: String, Hashable, Sendable, CaseIterable {
      case barrel
      case changelog
      case manifest
      case submodule
      case regenerate
      case text
    }

    public enum StubPolicy: String, Hashable, Sendable, CaseIterable {
      /// A stream may rewrite the block that its stub opens.
      case block
      /// It may only bring its own stubs to life.
      case uncomment
      /// No rules on exports.
      case off
    }

    public var paths: [Pattern] = []
    public var merge = MergePolicy.text
    public var stubs = StubPolicy.block
    /// Whether two bumps of one dependency are settled by the higher version; else they conflict.
    public var takesHigherVersion = false
    /// `regenerate`: the command that makes the file anew.
    public var run: [String] = []

    public init() {}
  }

  /// `[[checks]]`: one of the project's own commands.
  public struct Check: Hashable, Sendable {
    public enum Occasion: String, Hashable, Sendable, CaseIterable {
      case preflight
      case prePush = "pre-push"
      case preCommit = "pre-commit"
    }

    public var name = ""
    /// `{worktree}`, `{stream}`, `{branch}` and `{base}` are filled in.
    public var run: [String] = []
    public var occasions: [Occasion] = [.preflight]
    /// Checks with the same lock run one at a time across all worktrees of this machine.
    public var lock: String?
    /// Seconds.
    public var timeout: Double = 600
    /// Skipped when the stream changed none of these; empty: never skipped.
    public var paths: [Pattern] = []
    /// Environment variables that the result depends on.
    public var environment: [String] = []

    public init() {}
  }

  /// `[[after-sync]]`.
  public struct AfterSync: Hashable, Sendable {
    public enum Place: String, Hashable, Sendable, CaseIterable {
      /// Once, in the main worktree.
      case main
      /// In every worktree that changed.
      case each
    }

    public var paths: [Pattern] = []
    public var run: [String] = []
    public var place = Place.main

    public init() {}
  }

  /// `[merge]`: what a stream becomes on trunk where the merge is made here.
  public enum MergeKind: String, Hashable, Sendable, CaseIterable {
    /// A merge commit, always.
    case merge
    /// One commit.
    case squash
    /// Its own commits, without a merge commit.
    case rebase
  }

  /// `[notify]`: argument vectors by event; one at a time, `interval` seconds apart.
  public struct NotifyPolicy: Hashable, Sendable {
    public enum Event: String, Hashable, Sendable, CaseIterable {
      case committed
      case pushed
      case ready
      case blocked
      case merged
    }

    public var commands: [Event: [String]] = [:]
    /// Seconds.
    public var interval: Double = 0.15
    public var retries = 5

    public init() {}
  }

  /// `[hive]`.
  public struct HivePolicy: Hashable, Sendable {
    /// Whether the hive's state is carried over the remote.
    public var isShared = true

    public init() {}
  }

  /// `[streams.<id>]`: a line of work on a branch.
  public struct Stream: Hashable, Sendable {
    public var id = ""
    public var name = ""
    public var branch = ""
    /// The worktree's directory below `worktree.directory`.
    public var directory: String?
    public var worker: String?
    /// Hours, from and to; the same twice for a single figure.
    public var estimate: ClosedRange<Double>?
    public var files: [Pattern] = []
    public var issues: [Issue] = []
    /// The id of the stream that this one is stacked on.
    public var base: String?
    /// Modules of stubs that no comment claims.
    public var stubs: [String] = []

    public init() {}
  }

  public struct Issue: Hashable, Sendable {
    public var id = ""
    public var title = ""
    public var priority: String?
    /// Issues that must be done before this one.
    public var after: [String] = []
    /// Whether the work leaves no commit behind.
    public var isExternal = false

    public init() {}
  }
}

/// `[rules]`: severities by the id of a rule or a prefix of it.
public struct RuleSettings: Hashable, Sendable {
  public enum Level: String, Hashable, Sendable, CaseIterable {
    case error
    case warn
    case off
  }

  /// As written: `exports`, `message.scope`.
  public var levels: [String: Level] = [:]

  public init() {}

  /// What the plan says of a rule: its own id counts before a shorter prefix; `nil` where the default stands.
  public func level(of rule: String) -> Level? {
    var key = rule[...]
    while true {
      if let level = levels[String(key)] { return level }
      guard let dot = key.lastIndex(of: ".") else { return nil }
      key = key[..<dot]
    }
  }
}
