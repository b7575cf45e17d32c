import Platform
import TestSupport
import Testing

private enum Namespace {
  static var canMount: Bool {
    let request = ProcessRequest("unshare", ["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"])
    return (try? ChildProcess.run(request).succeeded) ?? false
  }
}

/// Disks that are full or cannot be written, mounted for one command in a namespace of its own; see unshare(1).
@Suite("Hostile disks", .enabled(if: Namespace.canMount, "needs Linux and user namespaces"))
struct HostileDiskTests {
  /// Builds a repository in `$PWD`, whose trunk has a file of 600 kB that the worktree `desk` has not.
  private static let scene = """
    set -e
    git init --quiet --initial-branch=main repository && cd repository
    git config user.name A && git config user.email a@example.com && git config preflight.trunk refs/heads/main
    for name in a b c d; do echo "old $name" >$name.txt; done
    echo gone >gone.txt && echo mine >mine.txt
    git add --all && git commit --quiet -m 'feat: start' && git worktree add --quiet -b topic ../desk
    for name in a b c d; do echo "new $name" >$name.txt; done
    git rm --quiet gone.txt && head -c 600000 /dev/urandom >c.bin
    git add --all && git commit --quiet -m 'feat: trunk' && rm c.bin
    echo edited >../desk/mine.txt && touch -d '1 hour ago' ../desk/mine.txt && cd ..
    state() { git -C desk rev-parse HEAD; git -C desk status --porcelain=v2; cat desk/*.txt; ls -A desk; }
    export GIT_OPTIONAL_LOCKS=0

    """

  private func run(_ script: String, size: String = "6m") throws -> CommandOutcome {
    let repository = try TestRepository()
    let program = try BuiltProducts.executable("preflight")
    return try repository.attempt(
      "unshare",
      [
        "-Urm", "sh", "-c",
        Argument("set -e; mkdir disk; mount -t tmpfs -o size=\(size) none disk; cd disk\n" + Self.scene + script),
      ], in: repository.surroundings,
      environment: ["PREFLIGHT": program.description])
  }

  @Test("A disk that becomes full changes nothing, and says so; with room the worktree moves", arguments: [0, 40, 300])
  func full(kilobytesLeft: Int) throws {
    let script = """
      before=$(state)
      free=$(df --output=avail -k . | tail -1)
      head -c $(((free - \(kilobytesLeft)) * 1024)) /dev/zero >fill
      cd repository && if "$PREFLIGHT" sync --no-fetch >../../said 2>&1; then echo 'passed'; else echo "failed"; fi; cd ..
      cat ../said >&2
      test "$before" = "$(state)" && echo same
      rm fill
      cd repository && "$PREFLIGHT" sync --no-fetch >/dev/null 2>&1; cd ..
      test "$(git -C desk rev-parse HEAD)" = "$(git -C repository rev-parse main)" && echo moved
      git -C desk status --porcelain
      ls repository/.git/worktrees/desk/index.lock 2>/dev/null || :
      """
    let outcome = try run(script)
    #expect(outcome.standardOutput.contains("same\nmoved\n M mine.txt\n"), "\(outcome)")
    // git names the file, and not always why.
    let words = ["No space left on device", "unable to write file c.bin"]
    #expect(words.contains { outcome.standardError.contains($0) }, "\(outcome)")
    #expect(!outcome.standardOutput.contains("index.lock"))
  }

  @Test("A common directory that cannot be written is named, and nothing changes")
  func readOnly() throws {
    let script = """
      before=$(state)
      mount --bind repository/.git repository/.git && mount -o remount,ro,bind repository/.git
      cd repository && { "$PREFLIGHT" sync --no-fetch || echo "status $?"; } && cd ..
      test "$before" = "$(state)" && echo same
      """
    let outcome = try run(script)
    #expect(outcome.standardOutput.hasSuffix("status 2\nsame\n"), "\(outcome)")
    #expect(outcome.standardError.contains("Read-only file system"), "\(outcome)")
  }
}
