import Git
import Plan
import Platform
import TestSupport
import Testing

@testable import Sync

/// A worktree of `ws1`, the only one beside trunk's, in a state that no sync can do anything with.
struct BadInput: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// What the report says of it: `LeaveReason.code`; `nil` where nothing can be looked at, and the error names it.
  var code: String?
  /// A part of that error.
  var words = ""
  /// Typed in the worktree; `$MAIN` is trunk's.
  var script = ""
  /// How the repository is made; a plain one by default.
  var origin = Origin.plain
  /// Whether git had begun before it found out: what it took back stands in the reflog, and the index has other times.
  var hasBegun = false

  enum Origin: Sendable {
    case plain
    /// A clone with these options.
    case clone([String])
  }

  /// Ends in a conflict between `ws1` and `other` in shared.txt.
  private static let fork = """
    echo mine >shared.txt && git commit -qam 'feat: mine'
    git branch other "$START" && git switch -q other && echo theirs >shared.txt && git commit -qam 'feat: theirs'
    echo more >shared.txt && git commit -qam 'feat: more' && git switch -q ws1

    """

  static let all = [
    BadInput(testDescription: "the directory is gone", code: "missing", script: "cd .. && rm -r ws1"),
    BadInput(
      testDescription: "locked, on a disk that is not mounted", code: "locked",
      script: "git worktree lock --reason stick . && cd .. && rm -r ws1"),
    BadInput(
      testDescription: "another clone at its place", code: "missing",
      script: "cd .. && rm -r ws1 && git clone -q repository ws1"),
    BadInput(
      testDescription: "the branch in two worktrees", code: "checked-out-twice",
      script: "git worktree add -q --force ../second ws1"),
    BadInput(
      testDescription: "core.worktree that names another directory", code: "misplaced",
      script: """
        mkdir ../other && echo precious >../other/trunk.txt && git config extensions.worktreeConfig true
        git config --worktree core.worktree "$PWD/../other"
        """),
    BadInput(testDescription: "a detached HEAD", code: "detached", script: "git switch -q --detach"),
    BadInput(testDescription: "an unborn HEAD", code: "unborn", script: "git symbolic-ref HEAD refs/heads/new"),
    BadInput(testDescription: "a merge", code: "operation", script: fork + "git merge -q other"),
    BadInput(testDescription: "a rebase", code: "operation", script: fork + "git rebase -q other"),
    BadInput(
      testDescription: "a rebase that stopped for an edit, with a clean index", code: "operation",
      script: "GIT_SEQUENCE_EDITOR='sed -i s/pick/edit/' git rebase -q -i HEAD~1"),
    BadInput(testDescription: "a cherry-pick", code: "operation", script: fork + "git cherry-pick other"),
    BadInput(
      testDescription: "a cherry-pick with a clean index", code: "operation",
      script: fork + "git cherry-pick other; git checkout -q --ours shared.txt && git add shared.txt"),
    BadInput(
      testDescription: "several picks, between two of them", code: "operation",
      script: fork + "git cherry-pick other~1 other; echo both >shared.txt && git commit -qam 'feat: both'"),
    BadInput(testDescription: "a revert", code: "operation", script: fork + "git revert --no-edit other"),
    BadInput(
      testDescription: "patches that are being applied", code: "operation",
      script: fork + "git format-patch -q --stdout other~1..other | git am -q"),
    BadInput(
      testDescription: "a bisection", code: "operation",
      script: "git bisect start >/dev/null && git bisect bad >/dev/null"),
    BadInput(
      testDescription: "a branch name that is no ref", code: nil, words: "HEAD",
      script: "echo nonsense >\"$(git rev-parse --git-dir)/HEAD\""),
    BadInput(
      testDescription: "a common directory that cannot be written", words: ".git/preflight'",
      script: "chmod a-w \"$(git rev-parse --git-common-dir)\""),
    BadInput(
      testDescription: "a repository of reftables, which this git does not know", words: "refstorage",
      script: """
        cd "$MAIN" && git config core.repositoryformatversion 1 && git config extensions.refStorage reftable
        mkdir .git/reftable && echo 'ref: refs/heads/.invalid' >.git/HEAD
        """),
    BadInput(
      testDescription: "a shallow clone", code: "cut-off", script: "true",
      origin: .clone(["--no-local", "--depth=1", "--no-single-branch"])),
    BadInput(
      testDescription: "a partial clone whose remote is gone", code: "refused",
      script: """
        (cd "$MAIN/../repository" && echo late >late.txt && git add . && git commit -qm 'feat: late')
        git fetch -q && git remote set-url origin /nowhere
        """,
      origin: .clone(["--no-local", "--filter=blob:none"]), hasBegun: true),
  ]
}

@Suite("Bad input: each is named, and nothing is changed")
struct BadInputTests {
  /// Trunk has moved, and `ws1` has a commit of its own.
  private func hive(_ input: BadInput) throws -> (repository: TestRepository, place: FilePath) {
    let hive = try Hive("ws1")
    try hive.commit("ws1")
    let start = try hive.repository.tip("main")
    hive.repository.environment["START"] = "\(start)"
    try hive.repository.commit("feat: trunk", ["trunk.txt": "t\n", "shared.txt": "1\n2\n3\n4\n"])
    guard case .clone(let options) = input.origin else { return (hive.repository, hive.place("ws1")) }
    try hive.repository.git(["config", "uploadpack.allowFilter", "true"])
    let clone = try TestRepository(cloning: hive.repository, options: options.map { Argument($0) })
    let place = clone.surroundings / "clone-ws1"
    try clone.git(["worktree", "add", "--quiet", "-b", "ws1", Argument(place), "origin/ws1"])
    return (clone, place)
  }

  /// The bytes of every file, and where every link leads, below `directory`; what is ours and objects left out.
  private func bytes(below directory: FilePath, except names: [FilePath]) throws -> [FilePath: [UInt8]] {
    var result: [FilePath: [UInt8]] = [:]
    for name in try directory.entries() where !names.contains(name) {
      let path = directory.appending(name.bytes)
      if let target = path.linkTarget() {
        result[path] = target.bytes
      } else if path.isDirectory {
        result.merge(try bytes(below: path, except: names)) { $1 }
      } else {
        result[path] = try path.contents()
      }
    }
    return result
  }

  @Test("A sync names it, and every byte of refs, indexes, logs and files is what it was", arguments: BadInput.all)
  func unchanged(_ input: BadInput) throws {
    if input.words.hasPrefix(".git"), CurrentProcess.user == 0 { return }  // nothing is forbidden to root
    let (repository, place) = try hive(input)
    let common = repository.path / ".git"
    defer { try? common.setPermissions(0o755) }
    _ = try repository.attempt(
      "sh", ["-c", Argument(input.script)], in: place, environment: ["MAIN": repository.path.description])
    var plan = Plan()
    plan.sync.quiet = 0
    let list = try repository.attempt("git", ["worktree", "list", "--porcelain"])
    let left: [FilePath] = ["objects", "preflight"] + (input.hasBegun ? ["logs", "index"] : [])
    let before = try bytes(below: repository.surroundings, except: left)
    let run = SyncRun(
      try RepositoryLayout(around: repository.path), environment: repository.environment, plan: plan,
      names: TrunkNames(branch: "main", remote: "origin"), options: Hive.options)
    if let code = input.code {
      let reasons = try run.run().entries.compactMap { entry -> String? in
        if case .left(let reason) = entry.outcome, reason != .trunk { reason.code } else { nil }
      }
      #expect(!reasons.isEmpty && reasons.allSatisfy { $0 == code }, "\(reasons)")
    } else {
      #expect { try run.run() } throws: { "\($0)".contains(input.words) }
    }
    let after = try bytes(below: repository.surroundings, except: left)
    #expect(Set(after.keys) == Set(before.keys))
    for (path, contents) in before { #expect(after[path] == contents, "\(path)") }
    #expect(try repository.attempt("git", ["worktree", "list", "--porcelain"]) == list)
    if input.hasBegun { #expect(try repository.git(["status", "--porcelain"], in: place) == "") }
  }
}
