import Git
import Plan
import Platform
import TestSupport
import Testing

@testable import StateFiles
@testable import Sync

/// A layout or a setting that git allows and that few use; `main` and `ws1` have worktrees of the given names.
struct UnusualLayout: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Where one stands who asks for a sync, below the directory around everything.
  let standing: String
  var trunk = "repository"
  var stream = "ws1"
  /// Typed in the main worktree.
  let script: String

  /// As git writes them since 2.48 where `worktree.useRelativePaths` is set. It sets `extensions.relativeWorktrees`, too,
  /// which an older git refuses: the files are the same where somebody has written them by hand.
  private static let relative = """
    echo 'gitdir: ../repository/.git/worktrees/ws1' >../ws1/.git
    echo ../../../../ws1/.git >.git/worktrees/ws1/gitdir
    """

  private static let bare = """
    git clone --quiet --bare . ../bare.git && cd ../bare.git
    git config user.name 'A U Thor' && git config user.email author@example.com
    git worktree add --quiet ../bare-trunk main && git worktree add --quiet ../bare-ws1 ws1
    """

  static let all = [
    UnusualLayout(testDescription: "relative paths, from trunk", standing: "repository", script: relative),
    UnusualLayout(testDescription: "relative paths, from the worktree", standing: "ws1", script: relative),
    UnusualLayout(
      testDescription: "linked worktrees only, from the bare repository", standing: "bare.git", trunk: "bare-trunk",
      stream: "bare-ws1", script: bare),
    UnusualLayout(
      testDescription: "linked worktrees only, from one of them", standing: "bare-ws1", trunk: "bare-trunk",
      stream: "bare-ws1", script: bare),
    UnusualLayout(
      testDescription: "no reflogs", standing: "repository",
      script: "git config core.logAllRefUpdates false && rm -r .git/logs .git/worktrees/ws1/logs"),
    UnusualLayout(testDescription: "packed refs", standing: "repository", script: "git pack-refs --all --prune"),
  ]
}

/// Why git will not move `ws1`, though nothing in the worktree bars the way.
enum GitRefusal: String, CaseIterable, Sendable {
  case hookRefusesBranch = "a reference-transaction hook that refuses the branch"
  case hookRefusesAll = "a reference-transaction hook that refuses everything"
  case lockedBranch = "the branch is locked by somebody else"
}

@Suite("Repositories and settings out of the ordinary")
struct UnusualRepositoryTests {
  /// Staged, unstaged and untracked work beside a commit of the stream's own.
  private func work(in place: FilePath, of repository: TestRepository) throws {
    try repository.write("src/a.txt", "staged\n", in: place)
    try repository.git(["add", "src/a.txt"], in: place)
    try repository.write("src/a.txt", "edited\n", in: place)
    try repository.write("scratch.txt", "s\n", in: place)
  }

  @Test(
    "A sync moves and an undo takes back, uncommitted work stays, and the map is the same", arguments: UnusualLayout.all
  )
  func worksAsAnywhere(_ layout: UnusualLayout) throws {
    let hive = try Hive("ws1")
    hive.plan.sync.quiet = 0
    try hive.commit("ws1", ["ws1.txt": "1\n"])
    let outcome = try hive.repository.attempt("sh", ["-c", Argument("set -e\n" + layout.script)])
    #expect(outcome.status == 0, "\(outcome)")
    let standing = hive.place(layout.standing)
    let (trunk, place) = (hive.place(layout.trunk), hive.place(layout.stream))
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n", "shared.txt": "trunk\n"], in: trunk)
    try work(in: place, of: hive.repository)
    let before = try hive.fingerprint(layout.stream)
    let old = try hive.repository.tip("ws1", in: place)

    let report = try hive.sync(in: standing)

    #expect(report.move("ws1")?.replayed == 1, "\(report)")
    #expect(try hive.repository.tip("ws1~1", in: place) == hive.repository.tip("main", in: trunk))
    #expect(try hive.repository.git(["status", "--porcelain"], in: place) == "MM src/a.txt\n?? scratch.txt")
    #expect(try hive.repository.read("shared.txt", in: place) == "trunk\n")
    #expect(try hive.repository.git(["fsck", "--unreachable"], in: trunk).contains("\(old)") == false)

    let opened = try hive.repository.open(in: standing)
    let prediction = Prediction(
      opened, plan: hive.plan, trunk: try #require(try opened.trunk(hive.names)), options: Prediction.Options(),
      environment: hive.repository.environment)
    #expect(try prediction.map()[0, 1] == .clean)

    let undo = try SyncUndo(
      hive.layout(standing), environment: hive.repository.environment, plan: hive.plan, names: hive.names, wait: 5
    ).run(nil)
    #expect(undo.entries.map(\.outcome) == [.restored(to: old, replayed: 0)], "\(undo)")
    #expect(try hive.fingerprint(layout.stream) == before)
    #expect(try hive.sync(in: standing).move("ws1")?.replayed == 1)
  }

  @Test(
    "A git that will not is named; the worktree is as it was, and moves when it will", arguments: GitRefusal.allCases)
  func refused(_ refusal: GitRefusal) throws {
    let hive = try Hive("ws1", "ws2")
    hive.plan.sync.quiet = 0
    try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n", "shared.txt": "trunk\n"])
    try work(in: hive.place("ws1"), of: hive.repository)
    let common = hive.repository.path / ".git"
    let obstacle: FilePath
    switch refusal {
    case .lockedBranch:
      obstacle = common / "refs/heads/ws1.lock"
      try obstacle.write([])
    case .hookRefusesAll, .hookRefusesBranch:
      obstacle = common / "hooks/reference-transaction"
      try obstacle.parent.createDirectories()
      let refs = refusal == .hookRefusesAll ? "refs/" : "refs/heads/ws1$"
      let script = "#!/bin/sh\ntest \"$1\" != prepared || ! grep -q ' \(refs)'\n"
      try obstacle.write(Array(script.utf8), permissions: 0o755)
    }
    let before = try hive.fingerprint("ws1")
    let other = try hive.fingerprint("ws2")

    let report = try hive.sync()

    #expect(report.reason("ws1")?.code == "refused", "\(report)")
    #expect(try hive.fingerprint("ws1") == before)
    #expect(obstacle.exists)  // a lock that is not ours
    if refusal == .hookRefusesAll {
      #expect(report.reason("ws2")?.code == "refused", "\(report)")
      #expect(try hive.fingerprint("ws2") == other)
    } else {
      #expect(report.move("ws2") != nil, "\(report)")
    }
    #expect(try MoveJournal(hive.layout()).isEmpty)

    try obstacle.remove()
    #expect(try hive.sync().move("ws1")?.replayed == 1)
    #expect(
      try hive.repository.git(["status", "--porcelain"], in: hive.place("ws1")) == "MM src/a.txt\n?? scratch.txt")
    #expect(try hive.isOnTrunk("ws2"))
    #expect(try hive.repository.git(["fsck", "--no-dangling"]) == "")
  }

  @Test("A repository that git takes for somebody else's is named, and nothing is changed")
  func otherOwner() throws {
    let hive = try Hive("ws1")
    hive.plan.sync.quiet = 0
    try hive.commit("ws1")
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n"])
    let before = try hive.fingerprint("ws1")
    var environment = hive.repository.environment
    environment["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"  // git's own test of its guard
    var said: String
    do {
      let report = try hive.run(environment: environment).run()
      #expect(report.moved.isEmpty, "\(report)")
      said = "\(report)"
    } catch {
      said = "\(error)"
    }
    #expect(said.contains("safe.directory") || said.contains("dubious ownership"), "\(said)")
    #expect(try hive.fingerprint("ws1") == before)
  }
}
