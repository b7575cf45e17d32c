import Git
import Platform

/// Moves a branch, notes where it was, and keeps both for `undo`: all of it or, where the branch has moved, nothing.
///
/// Run in the worktree and by the branch's full name: so both reflogs have it, `HEAD`'s and the branch's, and no other
/// branch moves when `HEAD` has been switched.
struct BranchTransaction {
  private let request: WorktreeMove.Request
  private let git: GitCommand
  private let records: UndoRecord
  private let repository: Repository

  init(_ request: WorktreeMove.Request, stamp: String, in repository: Repository, environment: Environment) {
    self.request = request
    self.repository = repository
    git = GitCommand(at: request.worktree, environment: environment)
    records = UndoRecord(stamp: stamp, branch: request.branch)
  }

  /// Whether the branch is at the new commit now.
  func run(_ moving: borrowing MovingLock) throws(GitError) -> Bool {
    var input = Input()
    input.update("ORIG_HEAD", to: request.old)
    input.update(request.branch, to: request.new, from: request.old)
    // A branch that moves twice in a sync goes back to where it was before the first.
    if try repository.target(of: records.old) == nil {
      input.update(records.old, to: request.old)
      if let base = request.base { input.update(records.base, to: base) }
    }
    input.update(records.new, to: request.new)
    let result = try moving.run(
      git, ["update-ref", "-m", Argument(request.message), "-z", "--stdin"], input: input.bytes)
    if try repository.target(of: request.branch) == request.new { return true }
    let hasMoved = try repository.target(of: request.branch) != request.old
    guard hasMoved || result.succeeded else { throw GitCommand.failure(["update-ref"], result) }
    return false
  }

  /// Puts the branch back if it still is where `run` has put it.
  func reverse(_ moving: borrowing MovingLock) throws(GitError) {
    var input = Input()
    input.update(request.branch, to: request.old, from: request.new)
    _ = try moving.run(
      git, ["update-ref", "-m", "preflight sync: taken back", "-z", "--stdin"], input: input.bytes)
  }

  /// See the form for `-z` in git-update-ref(1).
  private struct Input {
    private(set) var bytes: [UInt8] = []

    /// - Parameter old: `nil`: whatever it is now.
    mutating func update(_ name: String, to new: ObjectID, from old: ObjectID? = nil) {
      bytes += Array("update \(name)\0\(new)\0\(old.map { "\($0)" } ?? "")\0".utf8)
    }
  }
}

/// The refs that keep what `undo` needs of one branch in one sync.
struct UndoRecord: Hashable {
  let stamp: String
  /// In full.
  let branch: String

  private var tail: String { String(branch.dropFirst("refs/".count)) }

  /// Where the branch was.
  var old: String { "\(UndoRefs.prefix)\(stamp)/\(tail)" }
  /// Where the sync has put it.
  var new: String { "\(UndoRefs.prefix)\(stamp)/to/\(tail)" }
  /// Where its own commits began before.
  var base: String { "\(UndoRefs.prefix)\(stamp)/base/\(tail)" }
  /// Files that were found in the way of a recovery: a tree.
  var files: String { "\(UndoRefs.prefix)\(stamp)/files/\(tail)" }
}
