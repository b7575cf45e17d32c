import Git
import Platform

/// Moves a branch, notes where it was, and keeps both for `undo`: all of it or, where the branch has moved, nothing.
///
/// Run in the worktree and by the branch's full name: so both reflogs have it, `HEAD`'s and the branch's, and no other
/// branch moves when `HEAD` has been switched.
struct BranchTransaction {
  private let request: WorktreeMove.Request
  private let git: GitCommand
  private let record: UndoRecord
  private let repository: Repository

  init(_ request: WorktreeMove.Request, stamp: String, in repository: Repository, environment: Environment) {
    self.request = request
    self.repository = repository
    git = GitCommand(at: request.worktree, environment: environment)
    record = UndoRecord(stamp: request.undoes ?? stamp, branch: request.branch)
  }

  /// Whether the branch is at the new commit now.
  func run(_ moving: borrowing MovingLock) throws(GitError) -> Bool {
    var input = Input()
    input.update("ORIG_HEAD", to: request.old)
    input.update(request.branch, to: request.new, from: request.old)
    if request.undoes != nil { input.bytes += record.deletions } else { try keep(in: &input) }
    let began = Clock.nowInNanoseconds()
    let result = try moving.run(
      git, ["update-ref", "-m", Argument(request.message), "-z", "--stdin"], input: input.bytes)
    if result.succeeded { return true }
    // Refused, or killed anywhere.
    try locks.remove(since: began)
    let target = try repository.target(of: request.branch)
    if target == request.old { throw GitCommand.failure(["update-ref"], result) }
    if target == request.new { try conclude(moving) }
    return target == request.new
  }

  /// Those that a git which was killed may have left.
  var locks: StaleLocks { StaleLocks(of: record, deletes: request.undoes != nil, in: request.worktree) }

  /// Does what was cut off after the branch itself had moved.
  func conclude(_ moving: borrowing MovingLock) throws(GitError) {
    var input = Input()
    if request.undoes != nil {
      input.bytes += record.deletions
    } else if try repository.target(of: record.new) != request.new {
      try keep(in: &input)
    }
    if !input.bytes.isEmpty { try apply(input, moving) }
  }

  /// Drops what was kept of a move that was cut off before the branch itself had moved.
  func forget(_ moving: borrowing MovingLock) throws(GitError) {
    guard request.undoes == nil, try repository.target(of: record.new) == request.new else { return }
    var input = Input()
    input.bytes += record.deletions
    try apply(input, moving)
  }

  private func apply(_ input: Input, _ moving: borrowing MovingLock) throws(GitError) {
    let result = try moving.run(git, ["update-ref", "-z", "--stdin"], input: input.bytes)
    guard result.succeeded else { throw GitCommand.failure(["update-ref"], result) }
  }

  private func keep(in input: inout Input) throws(GitError) {
    // A branch that moves twice in a sync goes back to where it was before the first.
    if try repository.target(of: record.old) == nil {
      input.update(record.old, to: request.old)
      if let base = request.base { input.update(record.base, to: base) }
    }
    input.update(record.new, to: request.new)
    if let work = request.work { input.update(record.work, to: work) }
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
    var bytes: [UInt8] = []

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
  /// Uncommitted shared files that were merged: a tree; see `KeptWork`.
  var work: String { "\(UndoRefs.prefix)\(stamp)/work/\(tail)" }
  /// Lines for `git update-ref -z --stdin`; a ref that is not there is none to delete.
  var deletions: [UInt8] { Array([old, new, base, work].map { "delete \($0)\0\0" }.joined().utf8) }

  /// Files that were found in the way of a recovery: a tree.
  var files: String { "\(UndoRefs.prefix)\(stamp)/files/\(tail)" }
}
