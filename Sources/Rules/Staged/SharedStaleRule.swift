import Merging
import Platform

/// How a shared file merges with another version of it.
public enum MergeVerdict: Hashable, Sendable {
  case clean
  /// The regions, where they are known line by line.
  case conflict([ConflictRegion])
  /// No common base is in reach (a shallow clone).
  case cannotTell
}

/// A shared file that the stream and trunk have both changed since they parted.
public struct SharedFileOnTrunk: Hashable, Sendable {
  public var path: [UInt8]
  public var trunk: String
  public var verdict: MergeVerdict
  /// Whether the commit holds other changes, which could be made without this file.
  public var isAlone: Bool
  /// How the commit is being made; `nil` where the change is there already.
  public var form: CommitForm?

  public init(path: [UInt8], trunk: String, verdict: MergeVerdict, isAlone: Bool, form: CommitForm?) {
    self.path = path
    self.trunk = trunk
    self.verdict = verdict
    self.isAlone = isAlone
    self.form = form
  }
}

/// A shared file merges with what trunk has made of it since the stream's base.
public enum SharedStaleRule {
  public static let id: RuleID = "shared.stale"

  public static func findings(in file: SharedFileOnTrunk) -> [Finding] {
    switch file.verdict {
    case .clean: []
    case .conflict(let regions):
      [Finding(id, .error, .stale(file, regions), path: file.path, line: regions.first?.ours.first)]
    case .cannotTell: [Finding(id, .warning, .cannotTell(file), path: file.path)]
    }
  }
}

extension Finding.Message {
  fileprivate static func stale(_ file: SharedFileOnTrunk, _ regions: [ConflictRegion]) -> Self {
    let place = regions.first.map { " at its \(lines($0.theirs))" } ?? ""
    let trunk = shellQuoted(file.trunk)
    let hint =
      switch file.form {
      case nil: "to merge it by hand: git merge \(trunk)"
      case let form? where file.isAlone:
        "to commit it and merge at once: preflight skip \(SharedStaleRule.id) --why 'rebasing next' && \(form.command) && git rebase \(trunk)"
      case let form?: "to commit the rest (your edit stays in the file): \(form.leavingOut(file.path))"
      }
    return .init(
      "'\(file.trunk)' has changed this shared file since your base\(place), and the two do not merge", hint: hint)
  }

  fileprivate static func cannotTell(_ file: SharedFileOnTrunk) -> Self {
    .init(
      "cannot tell whether this shared file merges with '\(file.trunk)': history is cut off before they parted",
      hint: "to get all of it: git fetch --unshallow")
  }

  private static func lines(_ range: LineRange) -> String {
    range.count > 1 ? "lines \(range.first) to \(range.last)" : "line \(range.first)"
  }
}
