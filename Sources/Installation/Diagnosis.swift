import Git
import HookIdentity
import Plan
import Platform

/// Something that keeps preflight from guarding a worktree, and the command that mends it.
public struct Fault: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    case notInstalled = "install.missing"
    case programMissing = "install.program"
    case hooksPathEmpty = "hooks.path-empty"
    case directoryMissing = "hooks.directory"
    case hookMissing = "hooks.missing"
    /// Another manager's hook stands where ours was.
    case hookReplaced = "hooks.replaced"
    case notExecutable = "hooks.executable"
    case wrongVersion = "hooks.version"
    /// Another manager's configuration, or a tracked hook, does not start ours.
    case lineMissing = "hooks.line"
    /// git did not run our hook, or it did not answer.
    case notFired = "hooks.canary"
    case bareWithWorkTree = "repository.bare"
    /// `core.worktree` has git write to another directory.
    case worktreeElsewhere = "repository.worktree"
    /// A git that was killed has left a lock at which all others stop.
    case lockLeft = "repository.lock"
    case trunkUnresolved = "trunk.unresolved"
    case trunkDiffers = "trunk.differs"
    case planUnreadable = "plan.unreadable"
    /// git does not know our merge driver.
    case driverMissing = "merge.driver"
    /// git calls it for other files than the plan's.
    case driverOutdated = "merge.attributes"
    /// It was called, and has not merged.
    case driverFails = "merge.trial"
  }

  public let kind: Kind
  /// `nil` when it concerns the whole repository.
  public let worktree: FilePath?
  public let hook: HookName?
  public let text: String
  /// To be pasted into a shell in any worktree; several lines where a snippet is to be run.
  public let repair: String

  init(_ kind: Kind, _ text: String, repair: String, in worktree: FilePath? = nil, hook: HookName? = nil) {
    self.kind = kind
    self.worktree = worktree
    self.hook = hook
    self.text = text
    self.repair = repair
  }
}

/// What doctor found out.
public struct Diagnosis: Hashable, Sendable {
  /// One hook of one worktree.
  public struct Hook: Hashable, Sendable {
    public enum Firing: Hashable, Sendable {
      /// git ran it just now, and it answered.
      case proven
      /// It is in place, but firing it would have started other people's commands, or git is too old to be asked.
      case unproven
      /// It does not fire; the faults say why.
      case silent
    }

    public let hook: HookName
    /// What git runs.
    public let path: FilePath
    public internal(set) var firing: Firing
  }

  public struct Place: Hashable, Sendable {
    public let worktree: Worktree
    public let directory: HooksDirectory
    public internal(set) var hooks: [Hook]
  }

  /// A hook that is defined in configuration, which git 2.54 and later runs besides those of the hooks directory.
  public struct ConfiguredHook: Hashable, Sendable {
    public let name: String
    public let scope: String
    public internal(set) var command: String
    public internal(set) var events: [String]
  }

  public var git: GitVersion
  public var places: [Place] = []
  public var configuredHooks: [ConfiguredHook] = []
  /// What is recorded.
  public var trunk: TrunkNames?
  public var faults: [Fault] = []
  /// Worth knowing, and nothing to mend.
  public var notes: [String] = []
}

/// What became of reading the plan that counts for the repository.
public enum PlanReading: Sendable {
  case absent
  /// With the blob that it was read from, where that is known.
  case read(Plan, blob: ObjectID? = nil)
  /// What is wrong with it, in one line.
  case unreadable(String)
}
