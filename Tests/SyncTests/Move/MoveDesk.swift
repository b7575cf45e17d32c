import Git
import Platform
import TestSupport

@testable import Sync

/// A worktree on `topic` with files of every sort, and a trunk that moves away from it.
final class MoveDesk {
  let hive: Hive
  var repository: TestRepository { hive.repository }
  let place: FilePath
  let old: ObjectID
  var rewritten: [Rewrite] = []

  /// - Parameter files: of the commit that the worktree stands on.
  init(_ files: [String: String] = [:], options: [Argument] = []) throws {
    hive = try Hive(options: options)
    var all = ["mine.txt": "1\n2\n3\n4\n5\n", "moved.txt": "old\n", "gone.txt": "gone\n", "dir/a.txt": "a\n"]
    all.merge(files) { $1 }
    try hive.repository.commit("feat: files", all)
    place = try hive.add("topic")
    old = try hive.repository.tip("main")
  }

  /// Trunk's changes, by default one of each kind; `nil` deletes.
  @discardableResult
  func moveTrunk(
    _ files: [String: String?] = ["moved.txt": "new\n", "added/new.txt": "added\n", "gone.txt": nil]
  ) throws -> ObjectID { try repository.commit("feat: trunk", files) }

  func request(to new: ObjectID? = nil) throws -> WorktreeMove.Request {
    guard let worktree = try hive.layout(place).worktree() else { throw UnexpectedExit(description: "no worktree") }
    return WorktreeMove.Request(
      worktree: worktree, branch: "refs/heads/topic", old: old, new: try new ?? repository.tip("main"),
      rewritten: rewritten)
  }

  func mover() throws -> WorktreeMove {
    let layout = try hive.layout()
    return WorktreeMove(
      layout: layout, environment: repository.environment, journal: MoveJournal(layout),
      undo: UndoRefs(layout, environment: repository.environment))
  }

  func move(to new: ObjectID? = nil) throws -> WorktreeMove.Ending { try mover().carryOut(request(to: new)) }

  func write(_ file: String, _ contents: String) throws { try repository.write(file, contents, in: place) }
  func read(_ file: String) throws -> String { try repository.read(file, in: place) }

  @discardableResult
  func git(_ arguments: Argument..., input: [UInt8] = []) throws -> String {
    try repository.git(arguments, in: place, input: input)
  }

  func status() throws -> String { try git("status", "--porcelain", "--untracked-files=all") }

  /// What must be the same after a move as before: what is staged and what is not, in full.
  func work() throws -> String {
    try [
      git("diff", "--cached"), git("diff"), git("ls-files", "--others"), git("stash", "list"),
    ].joined(separator: "\n---\n")
  }

  /// The parts of `lstat` by which build tools notice a change.
  func identity(_ file: String) throws -> [Int64] {
    guard let status = try (place / file).status() else { return [] }
    return [Int64(bitPattern: status.inode), status.modified]
  }

  /// That a refused move has changed nothing at all.
  func fingerprint() throws -> String { try hive.fingerprint("topic") + "\n" + work() }

  var leftovers: [String] {
    get throws {
      let gitDirectory = try hive.layout(place).gitDirectory
      var result = ["index.lock", "preflight/index-move", "preflight/index-look", "preflight/index-back"].filter {
        (gitDirectory / $0).exists
      }
      if try !MoveJournal(hive.layout()).isEmpty { result.append("journal") }
      return result
    }
  }
}
