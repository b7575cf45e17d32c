import Platform

/// Which commands of a repository's plan may run on this machine: those that its user has approved, word by word.
///
/// Kept in the user's state directory, where no remote can write.
public struct Trust {
  /// In the order in which they were approved.
  public private(set) var approved: [TrustedCommand]
  /// Whether `PREFLIGHT_TRUST=1` stands for the approval of everything.
  public let approvesAll: Bool
  private let repository: String
  private let state: StateDirectory?

  /// What was approved for `repository`: any text that names it on this machine.
  public static func load(repository: String, environment: Environment) throws(TrustError) -> Trust {
    let approvesAll = environment["PREFLIGHT_TRUST"] == "1"
    let state: StateDirectory
    do { state = try StateDirectory(environment: environment) } catch {
      guard approvesAll else { throw .noStateDirectory }
      return Trust(approved: [], approvesAll: true, repository: repository, state: nil)
    }
    let file = TrustFile(state: state, repository: repository)
    return Trust(
      approved: approvesAll ? [] : try file.read(), approvesAll: approvesAll, repository: repository, state: state)
  }

  public func isApproved(_ command: TrustedCommand) -> Bool { approvesAll || approved.contains(command) }

  /// Approves exactly these; what was approved before and is not among them is so no more.
  public mutating func approve(_ commands: [TrustedCommand]) throws(TrustError) {
    guard let state else { throw .noStateDirectory }
    try TrustFile(state: state, repository: repository).write(commands)
    approved = commands
  }

  /// What a person must look at after a change of the plan, each list in its own order.
  public struct Difference: Equatable, Sendable {
    public var added: [TrustedCommand]
    public var removed: [TrustedCommand]

    public var isEmpty: Bool { added.isEmpty && removed.isEmpty }
  }

  public static func difference(from old: [TrustedCommand], to new: [TrustedCommand]) -> Difference {
    let (oldSet, newSet) = (Set(old), Set(new))
    return Difference(added: new.filter { !oldSet.contains($0) }, removed: old.filter { !newSet.contains($0) })
  }
}

/// Why the record of what was approved cannot be used.
public enum TrustError: Error, Equatable, CustomStringConvertible {
  case noStateDirectory
  /// Somebody else's: they could approve what they like.
  case notOurs(FilePath)
  /// Others may write it.
  case exposed(FilePath)
  /// A symbolic link, say.
  case notAFile(FilePath)
  /// A line that we would not have written, from 1.
  case damaged(FilePath, line: Int)
  case unreadable(String)

  public var description: String {
    switch self {
    case .noStateDirectory:
      "\(StateDirectory.Missing()); set HOME, or PREFLIGHT_TRUST=1 to approve every command"
    case .notOurs(let path):
      "'\(path)' belongs to another user, who could approve commands with it; remove it, then run 'preflight trust'"
    case .exposed(let path):
      "'\(path)' can be written by other users, who could approve commands with it; run 'chmod go-w' on it"
    case .notAFile(let path):
      "'\(path)' is not a plain file; remove it, then run 'preflight trust'"
    case .damaged(let path, let line):
      "'\(path)' is damaged at line \(line); remove it, then run 'preflight trust'"
    case .unreadable(let reason): reason
    }
  }
}
