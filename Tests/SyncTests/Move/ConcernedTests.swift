import Git
import Platform
import TestSupport
import Testing

@testable import Sync

/// Work that a move would overwrite or that would take the move back, and what is said about it.
enum Concern: String, CaseIterable, CustomTestStringConvertible {
  case edited, editedInPlace, staged, deleted, stagedDeletion, untracked, ignored, emptied, ignoredBelowFile,
    fileOverDirectory
  case linkedDirectory, replacedByDirectory, assumedUnchanged, skippedInWorktree, unmerged, intentToAdd,
    removedFromIndex
  case ignoredLink, stagedBelowFile, deletedWithTrunk
  case stagedAsTrunk, stagedAsTrunkAndEdited, addedAsTrunk, removedAsTrunk

  var testDescription: String { rawValue }

  func prepare(_ desk: MoveDesk) throws {
    switch self {
    case .edited: try desk.write("moved.txt", "mine\n")
    case .editedInPlace: try desk.write("gone.txt", "mine\n")
    case .staged:
      try desk.write("moved.txt", "mine\n")
      try desk.git("add", "moved.txt")
    case .deleted: try (desk.place / "moved.txt").remove()
    case .deletedWithTrunk: try (desk.place / "gone.txt").remove()
    case .stagedDeletion: try desk.git("rm", "--quiet", "moved.txt")
    case .untracked: try desk.write("added/new.txt", "mine\n")
    case .ignored: try desk.write("build.log", "mine\n")
    case .emptied: try desk.write("moved.txt", "")
    case .ignoredBelowFile: try desk.write("dir/deep/keep.log", "mine\n")
    case .fileOverDirectory: try desk.write("added", "mine\n")
    case .linkedDirectory:
      try (desk.place / "dir").rename(to: desk.place / "elsewhere.log")
      try (desk.place / "dir").createLink(to: "elsewhere.log")
    case .replacedByDirectory:
      try (desk.place / "moved.txt").remove()
      try desk.write("moved.txt/inside.log", "mine\n")
    case .assumedUnchanged, .skippedInWorktree:
      let flag: Argument = self == .assumedUnchanged ? "--assume-unchanged" : "--skip-worktree"
      try desk.git("update-index", flag, "moved.txt")
      try desk.write("moved.txt", "mine\n")
    case .unmerged:
      let blob = try desk.git("hash-object", "-w", "--stdin", input: Array("x".utf8))
      try desk.git("update-index", "--index-info", input: Array("100644 \(blob) 2\tmine.txt\n".utf8))
    case .intentToAdd:
      try desk.write("added/new.txt", "mine\n")
      try desk.git("add", "--intent-to-add", "added/new.txt")
    case .stagedAsTrunk, .stagedAsTrunkAndEdited:
      try desk.write("moved.txt", "new\n")
      try desk.git("add", "moved.txt")
      if self == .stagedAsTrunkAndEdited { try desk.write("moved.txt", "new\nmore\n") }
    case .addedAsTrunk:
      try desk.write("added/new.txt", "added\n")
      try desk.git("add", "added/new.txt")
    case .removedAsTrunk: try desk.git("rm", "--quiet", "gone.txt")
    case .removedFromIndex: try desk.git("rm", "--quiet", "--cached", "gone.txt")
    case .ignoredLink: try (desk.place / "linked.log").createLink(to: "dir")
    case .stagedBelowFile:
      try desk.write("dir/mine.txt", "mine\n")
      try desk.git("add", "dir/mine.txt")
    }
  }

  var expected: ConcernedPath {
    let (path, reason): (String, ConcernedPath.Reason) =
      switch self {
      case .edited, .emptied, .replacedByDirectory: ("moved.txt", .edited)
      case .editedInPlace: ("gone.txt", .edited)
      case .staged, .stagedDeletion, .stagedAsTrunk, .stagedAsTrunkAndEdited: ("moved.txt", .staged)
      case .addedAsTrunk: ("added/new.txt", .staged)
      case .removedAsTrunk: ("gone.txt", .staged)
      case .deleted: ("moved.txt", .deleted)
      case .deletedWithTrunk: ("gone.txt", .deleted)
      case .untracked: ("added/new.txt", .inTheWay)
      case .ignored: ("build.log", .inTheWay)
      case .ignoredBelowFile: ("dir/deep/keep.log", .inTheWay)
      case .fileOverDirectory: ("added", .inTheWay)
      case .linkedDirectory: ("dir/a.txt", .deleted)
      case .assumedUnchanged: ("moved.txt", .assumedUnchanged)
      case .skippedInWorktree: ("moved.txt", .skippedInWorktree)
      case .unmerged: ("mine.txt", .unmerged)
      case .intentToAdd: ("added/new.txt", .intentToAdd)
      case .removedFromIndex: ("gone.txt", .inTheWay)
      case .ignoredLink: ("linked.log", .inTheWay)
      case .stagedBelowFile: ("dir/mine.txt", .staged)
      }
    return ConcernedPath(Array(path.utf8), reason)
  }
}

@Suite("Work that stops a worktree")
struct ConcernedTests {
  /// Trunk changes, adds and removes files, tracks what was ignored, and makes a file of a directory.
  private func moveTrunk(_ desk: MoveDesk) throws {
    try desk.repository.git(["rm", "--quiet", "-r", "dir", "gone.txt"])
    for (file, contents) in [
      "moved.txt": "new\n", "added/new.txt": "added\n", "build.log": "tracked\n", "dir": "a file\n",
      "linked.log/x": "x\n",
    ] {
      try desk.repository.write(file, contents)
      try desk.repository.git(["add", "--force", Argument(file)])
    }
    try desk.repository.commit("feat: reshape")
  }

  @Test("It is named with the reason, and nothing at all changes", arguments: Concern.allCases)
  func stops(concern: Concern) throws {
    let desk = try MoveDesk()
    try concern.prepare(desk)
    try moveTrunk(desk)
    let before = try desk.fingerprint()
    guard case .stopped(let paths) = try desk.move() else { return #expect(Bool(false)) }
    #expect(paths.contains(concern.expected), "\(paths.map { (String(decoding: $0.path, as: UTF8.self), $0.reason) })")
    #expect(try desk.fingerprint() == before)
    #expect(try desk.leftovers == [])
  }

  @Test("Without any of it the same move passes")
  func passes() throws {
    let desk = try MoveDesk()
    try moveTrunk(desk)
    #expect(try desk.move() == .moved)
    #expect(try desk.status() == "")
    #expect(try desk.read("dir") == "a file\n")
    #expect(try desk.read("linked.log/x") == "x\n")
  }

  @Test("An empty directory in the way is none, nor is a directory of which every file goes")
  func emptyDirectory() throws {
    let desk = try MoveDesk()
    try (desk.place / "dir/empty/deeper").createDirectories()
    try (desk.place / "build.log").createDirectories()
    try moveTrunk(desk)
    #expect(try desk.move() == .moved)
    #expect(try desk.status() == "")
  }

  @Test("A sparse checkout moves, and what it leaves out stays out")
  func sparse() throws {
    let desk = try MoveDesk()
    try desk.git("sparse-checkout", "set", "--no-cone", "/mine.txt", "/moved.txt")
    try moveTrunk(desk)
    #expect(try desk.move() == .moved)
    #expect(try desk.status() == "")
    #expect(try desk.read("moved.txt") == "new\n")
    #expect(!(desk.place / "added/new.txt").exists)
  }

  @Test("A file that a sparse checkout leaves out and somebody has put there stops the worktree")
  func sparseButThere() throws {
    let desk = try MoveDesk()
    try desk.git("sparse-checkout", "set", "--no-cone", "/mine.txt")
    try desk.git("config", "sparse.expectFilesOutsideOfPatterns", "true")
    try desk.write("moved.txt", "mine\n")
    try moveTrunk(desk)
    guard case .stopped(let paths) = try desk.move() else { return #expect(Bool(false)) }
    #expect(paths.map(\.path).contains(Array("moved.txt".utf8)))
    #expect(try desk.read("moved.txt") == "mine\n")
  }

  @Test("Where case does not count, a rename that changes only it moves, and another file is in the way")
  func ignoredCase() throws {
    let desk = try MoveDesk(["Readme.md": "r\n"])
    try desk.repository.git(["config", "core.ignoreCase", "true"])
    // As on a disk that ignores case: one file under both names.
    try (desk.place / "README.md").createHardLink(to: desk.place / "Readme.md")
    try desk.git("update-index", "--refresh")
    try desk.repository.git(["-c", "core.ignoreCase=false", "mv", "Readme.md", "README.md"])
    try desk.repository.commit("docs: shout")
    let repository = try desk.repository.open(in: desk.place)
    let old = try repository.commit(desk.old).tree
    let changes = try repository.changes(from: old, to: repository.commit(desk.repository.tip("main")).tree)
    let look = try WorktreeLook(at: changes, in: repository, of: desk.request().worktree)
    #expect(look.concerned == [])

    try (desk.place / "README.md").remove()
    try desk.write("README.md", "another\n")
    let again = try WorktreeLook(at: changes, in: repository, of: desk.request().worktree)
    #expect(again.concerned == [ConcernedPath(Array("README.md".utf8), .inTheWay)])
  }
}
