import Git
import Platform

/// A submodule whose pointer a change moves to another commit than trunk's.
public struct MovedPointer: Hashable, Sendable {
  public var path: [UInt8]
  public var new: ObjectID
  /// What trunk has, and contains `new`.
  public var onTrunk: ObjectID
  /// Trunk, as a command names it.
  public var trunk: String
  /// How the commit is being made; `nil` where it is made already.
  public var form: CommitForm?

  public init(path: [UInt8], new: ObjectID, onTrunk: ObjectID, trunk: String, form: CommitForm?) {
    self.path = path
    self.new = new
    self.onTrunk = onTrunk
    self.trunk = trunk
    self.form = form
  }
}

/// No commit takes a submodule back to before what trunk has: a `git add --all` after trunk has moved the pointer does that,
/// where the submodule's own working tree was left behind.
public enum SubmoduleBackwardRule {
  public static let id: RuleID = "submodule.backward"

  public static func finding(for pointer: MovedPointer) -> Finding {
    Finding(id, .error, .backward(pointer), path: pointer.path)
  }
}

extension Finding.Message {
  fileprivate static func backward(_ pointer: MovedPointer) -> Self {
    let hint =
      if let form = pointer.form { "to leave it out: \(form.leavingOut(pointer.path))" } else {
        "git restore --source=\(shellQuoted(pointer.trunk)) --staged -- \(Pathspec(pointer.path)) && "
          + "git commit -m 'fix: put the submodule forward again'"
      }
    return .init(
      "moves the submodule back to \(pointer.new.abbreviated), which '\(pointer.trunk)' has left behind for "
        + pointer.onTrunk.abbreviated, hint: hint)
  }
}
