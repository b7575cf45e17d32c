import Git
import Platform
import StateFiles

/// What `git rebase` does once it has moved a branch: notes follow their commits, and the repository's post-rewrite hook is
/// told which commits have become which.
struct RewriteAftermath {
  private let worktree: Worktree
  private let rewritten: [Rewrite]
  private let repository: Repository
  private var git: GitCommand { repository.git }

  /// - Parameter repository: as the worktree sees it.
  init(of worktree: Worktree, _ rewritten: [Rewrite], in repository: Repository) {
    self.worktree = worktree
    self.rewritten = rewritten.filter { $0.old != $0.new }
    self.repository = repository
  }

  private var pairs: [UInt8] { Array(rewritten.map { "\($0.old) \($0.new)\n" }.joined().utf8) }

  /// See `notes.rewriteRef` in git-config(1): without it nothing is copied.
  ///
  /// - Parameter again: a sync that died may have done so already.
  func copyNotes(again: Bool = false) throws(GitError) {
    if rewritten.isEmpty { return }
    guard try repository.configuration().isSet("notes.rewriteref") || git.environment["GIT_NOTES_REWRITE_REF"] != nil
    else { return }
    var git = git
    if again { git.environment["GIT_NOTES_REWRITE_MODE"] = "ignore" }
    _ = try git.run(["notes", "copy", "--for-rewrite=rebase", "--stdin"], input: pairs)
  }

  /// The hook cannot fail what it follows. Ours sees `PREFLIGHT_DEPTH` and runs only the one that it has replaced.
  func runHook() {
    guard !rewritten.isEmpty, let hook = try? hook(), hook.canBeExecuted, !hook.isDirectory else { return }
    var environment = git.environment
    if !worktree.isMain { environment[bytes: "GIT_DIR"] = worktree.gitDirectory.bytes }
    var request = ProcessRequest(
      hook, ["rebase"], environment: environment, directory: worktree.path, input: pairs)
    request.timeout = 600
    _ = try? ChildProcess.run(request)
  }

  /// By path: before git 2.54 `git hook run` gives a hook no standard input. Hooks that configuration defines, which that
  /// version brings, are left to git's own commands.
  private func hook() throws(GitError) -> FilePath {
    if try !repository.configuration().isSet("core.hookspath") {
      return worktree.commonDirectory / "hooks/post-rewrite"
    }
    let directory = firstLine(try git.output(["config", "--type=path", "core.hooksPath"]))
    return worktree.path.appending(directory) / "post-rewrite"
  }
}
