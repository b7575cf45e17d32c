import Foundation
import Git
import Platform
import TestSupport
import Testing

@testable import Sync

/// Work that is not committed, and that a move does not touch.
enum Work: String, CaseIterable, CustomTestStringConvertible {
  case staged, unstaged, stagedAndUnstaged, partlyStaged, renamed, deleted, stagedDeletion, intentToAdd, untracked
  case ignored, modeChange, symbolicLink

  var testDescription: String { rawValue }

  func prepare(_ desk: MoveDesk) throws {
    switch self {
    case .staged:
      try desk.write("mine.txt", "staged\n")
      try desk.git("add", "mine.txt")
    case .unstaged: try desk.write("mine.txt", "unstaged\n")
    case .stagedAndUnstaged:
      try desk.write("mine.txt", "staged\n")
      try desk.git("add", "mine.txt")
      try desk.write("mine.txt", "unstaged\n")
    case .partlyStaged:
      try desk.write("mine.txt", "one\n2\n3\n4\nfive\n")
      let patch = "--- a/mine.txt\n+++ b/mine.txt\n@@ -1,2 +1,2 @@\n-1\n+one\n 2\n"
      try desk.git("apply", "--cached", input: Array(patch.utf8))
    case .renamed: try desk.git("mv", "mine.txt", "renamed.txt")
    case .deleted: try (desk.place / "mine.txt").remove()
    case .stagedDeletion: try desk.git("rm", "--quiet", "mine.txt")
    case .intentToAdd:
      try desk.write("later.txt", "later\n")
      try desk.git("add", "--intent-to-add", "later.txt")
    case .untracked: try desk.write("dir/untracked.txt", "u\n")
    case .ignored: try desk.write("build.log", "log\n")
    case .modeChange: try (desk.place / "mine.txt").setPermissions(0o755)
    case .symbolicLink:
      try (desk.place / "mine.txt").remove()
      try (desk.place / "mine.txt").createLink(to: "dir/a.txt")
    }
  }
}

@Suite("Moving a worktree in place")
struct WorktreeMoveTests {
  @Test("A clean worktree goes to the new tip: files, index, branch, both reflogs and ORIG_HEAD")
  func clean() throws {
    let desk = try MoveDesk()
    let new = try desk.moveTrunk()
    #expect(try desk.move() == .moved)
    #expect(try desk.status() == "")
    #expect(try desk.git("rev-parse", "HEAD", "refs/heads/topic", "ORIG_HEAD") == "\(new)\n\(new)\n\(desk.old)")
    #expect(try desk.git("symbolic-ref", "HEAD") == "refs/heads/topic")
    #expect(try desk.read("moved.txt") == "new\n")
    #expect(try desk.read("added/new.txt") == "added\n")
    #expect(!(desk.place / "gone.txt").exists)
    for name in ["HEAD", "refs/heads/topic"] {
      #expect(try desk.git("reflog", "-1", "--format=%H %gs", Argument(name)) == "\(new) preflight sync")
    }
    #expect(try desk.leftovers == [])
    #expect(try desk.git("fsck", "--no-dangling") == "")
  }

  @Test(
    "Uncommitted work that is not concerned stays as it was: index, contents, inode and time", arguments: Work.allCases)
  func keeps(work: Work) throws {
    let desk = try MoveDesk()
    try work.prepare(desk)
    let files = ["mine.txt", "later.txt", "renamed.txt", "dir/untracked.txt", "build.log", "dir/a.txt"]
    let before = (try desk.work(), try files.map(desk.identity))
    let new = try desk.moveTrunk()
    #expect(try desk.move() == .moved)
    #expect(try desk.repository.tip("topic") == new)
    #expect(try desk.work() == before.0)
    #expect(try files.map(desk.identity) == before.1)
    #expect(try desk.read("added/new.txt") == "added\n")
    #expect(try desk.leftovers == [])
  }

  @Test(
    "The same with an index that git alone reads", arguments: ["split", "untracked-cache", "version-4", "manyFiles"])
  func indexForms(form: String) throws {
    let desk = try MoveDesk()
    switch form {
    case "split": try desk.git("update-index", "--split-index")
    case "untracked-cache": try desk.git("update-index", "--force-untracked-cache")
    case "version-4": try desk.git("update-index", "--index-version", "4")
    default: try desk.repository.git(["config", "feature.manyFiles", "true"])
    }
    try desk.write("mine.txt", "staged\n")
    try desk.git("add", "mine.txt")
    try desk.write("dir/untracked.txt", "u\n")
    try desk.write("dir/a.txt", "edited\n")
    let before = try desk.work()
    try desk.moveTrunk()
    #expect(try desk.move() == .moved)
    #expect(try desk.work() == before)
    #expect(try desk.git("fsck", "--no-dangling") == "")
  }

  @Test("Commits made right after a move hold what is staged and nothing of trunk's")
  func commitAfterwards() throws {
    let desk = try MoveDesk()
    try desk.write("mine.txt", "mine\n")
    try desk.moveTrunk()
    #expect(try desk.move() == .moved)
    try desk.git("commit", "--quiet", "-a", "-m", "feat: mine")
    #expect(try desk.git("diff", "--name-only", "main", "HEAD") == "mine.txt")
  }

  @Test("What is left in a directory by a staged deletion is there for the commit, whatever is collected as garbage")
  func prunedDirectory() throws {
    let desk = try MoveDesk(["pair/moved.txt": "old\n", "pair/other.txt": "other\n"])
    try desk.git("rm", "--quiet", "pair/other.txt")
    let new = try desk.moveTrunk(["pair/moved.txt": "new\n"])
    #expect(try desk.move() == .moved)
    try desk.git("-c", "gc.pruneExpire=now", "gc", "--quiet", "--prune=now")
    #expect(try desk.git("ls-files", "pair") == "pair/moved.txt")
    try desk.git("commit", "--quiet", "-m", "feat: without the other")
    #expect(try desk.git("diff", "--name-status", "\(new)", "HEAD") == "D\tpair/other.txt")
    #expect(try desk.git("fsck", "--no-dangling") == "")
  }

  @Test(
    "A sparse index stays one, and holds what the move brings outside of what is checked out", arguments: [true, false])
  func sparseIndex(isSparse: Bool) throws {
    let desk = try MoveDesk(["out/deep/a.txt": "a\n", "out/deep/b.txt": "b\n", "in/a.txt": "a\n"])
    try desk.git("sparse-checkout", "init", "--cone", isSparse ? "--sparse-index" : "--no-sparse-index")
    try desk.git("sparse-checkout", "set", "in")
    #expect(try desk.git("ls-files", "--sparse", "out").hasSuffix("/") == isSparse)
    try desk.write("in/mine.txt", "mine\n")
    try desk.git("add", "in/mine.txt")
    let new = try desk.moveTrunk(["out/deep/a.txt": "A\n", "in/a.txt": "A\n", "out/new.txt": "n\n"])
    #expect(try desk.move() == .moved)
    #expect(try desk.git("diff", "--cached", "--name-status", "\(new)") == "A\tin/mine.txt")
    #expect(try desk.status() == "A  in/mine.txt")
    #expect(!(desk.place / "out").exists)
    #expect(try desk.read("in/a.txt") == "A\n")
    try desk.git("commit", "--quiet", "-m", "feat: mine")
    #expect(try desk.git("diff", "--name-status", "\(new)", "HEAD") == "A\tin/mine.txt")
    #expect(try desk.git("fsck", "--no-dangling") == "")
  }

  @Test("Where only the commits differ, nothing but the branch moves")
  func sameTrees() throws {
    let desk = try MoveDesk()
    try desk.write("mine.txt", "mine\n")
    let new = try desk.repository.commit("chore: empty")
    let index = try (desk.hive.layout(desk.place).gitDirectory / "index").status()
    #expect(try desk.move() == .moved)
    #expect(try desk.repository.tip("topic") == new)
    #expect(try (desk.hive.layout(desk.place).gitDirectory / "index").status() == index)
    #expect(try desk.status() == " M mine.txt")
  }

  @Test("Files whose times have changed and whose contents have not are no obstacle")
  func touched() throws {
    let desk = try MoveDesk([".gitattributes": "*.crlf text eol=crlf\n", "win.crlf": "a\nb\n"])
    #expect(try desk.read("win.crlf") == "a\r\nb\r\n")
    for file in ["moved.txt", "gone.txt", "win.crlf"] {
      try desk.write(file, desk.read(file))
    }
    try desk.moveTrunk(["moved.txt": "new\n", "gone.txt": nil, "win.crlf": "a\nb\nc\n"])
    #expect(try desk.move() == .moved)
    #expect(try desk.status() == "")
    #expect(try desk.read("win.crlf") == "a\r\nb\r\nc\r\n")
  }

  @Test("An edit that leaves size and time as they were is seen (a racy entry)")
  func racy() throws {
    let desk = try MoveDesk()
    let file = desk.place / "moved.txt"
    let index = try desk.hive.layout(desk.place).gitDirectory / "index"
    let time = try #require(try index.status()).modified
    try file.setModified(time)
    try desk.git("update-index", "--refresh")
    try index.setModified(time)
    let handle = try #require(FileHandle(forWritingAtPath: file.description))
    handle.write(Data("own\n".utf8))
    try handle.close()
    try file.setModified(time)
    try desk.moveTrunk()
    #expect(try desk.move() == .stopped([ConcernedPath(Array("moved.txt".utf8), .edited)]))
    #expect(try desk.read("moved.txt") == "own\n")
  }

  @Test("A branch that has moved, a switched HEAD and an unfinished operation are noticed", arguments: 0..<3)
  func changedMeanwhile(what: Int) throws {
    let desk = try MoveDesk()
    let request = try desk.request(to: desk.moveTrunk())
    switch what {
    case 0: try desk.repository.commit("feat: mine", ["mine.txt": "mine\n"], in: desk.place)
    case 1: try desk.git("switch", "--quiet", "-c", "experiment")
    default: try desk.git("update-ref", "CHERRY_PICK_HEAD", "main")
    }
    let before = try desk.fingerprint()
    #expect(try desk.mover().carryOut(request) == .changedMeanwhile)
    #expect(try desk.fingerprint() == before)
    #expect(try desk.leftovers == [])
  }

  @Test("While a git has the index locked nothing happens")
  func locked() throws {
    let desk = try MoveDesk()
    try desk.moveTrunk()
    let lock = try desk.hive.layout(desk.place).gitDirectory / "index.lock"
    try lock.create([])
    #expect(try desk.move() == .locked)
    #expect(lock.exists)
    try lock.remove()
    #expect(try desk.leftovers == [])
    #expect(try desk.status() == "")
  }
}
