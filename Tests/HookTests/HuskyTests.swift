import Platform
import TestSupport
import Testing

/// A repository as husky 9 leaves it: `core.hooksPath` is `.husky/_`, relative, and here its wrappers are tracked.
private final class HuskyRepository {
  let repository: TestRepository

  private static let wrapper = """
    #!/usr/bin/env sh
    [ "$HUSKY" = "2" ] && set -x
    n=$(basename "$0")
    s=$(dirname "$(dirname "$0")")/$n

    [ ! -f "$s" ] && exit 0

    i="${XDG_CONFIG_HOME:-$HOME/.config}/husky/init.sh"
    [ -f "$i" ] && . "$i"

    [ "${HUSKY-}" = "0" ] && exit 0

    export PATH="node_modules/.bin:$PATH"
    sh -e "$s" "$@"
    c=$?

    [ $c != 0 ] && echo "husky - $n script failed (code $c)"
    [ $c = 127 ] && echo "husky - command not found in PATH=$PATH"
    exit $c

    """

  /// Its hooks, all of which start `h`.
  private static let hooks = [
    "pre-commit", "pre-merge-commit", "prepare-commit-msg", "commit-msg", "post-commit", "applypatch-msg",
    "pre-applypatch", "post-applypatch", "pre-rebase", "post-rewrite", "post-checkout", "post-merge", "pre-push",
    "pre-auto-gc",
  ]

  init() throws {
    repository = try TestRepository()
    let path = try BuiltProducts.directory().description + ":" + (repository.environment["PATH"] ?? "")
    repository.environment["PATH"] = path
    try repository.write("preflight.toml", "[sync]\nquiet = \"0s\"\n[worktree]\ndir = \"..\"\n")
    try repository.write(".husky/pre-commit", "test ! -e fails\n")
    try repository.write(".husky/_/.gitignore", "*")
    try repository.write(".husky/_/h", Self.wrapper)
    for hook in Self.hooks {
      try repository.write(".husky/_/\(hook)", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"")
    }
    try type(
      """
      chmod +x .husky/_/*-* && git add --all && git add --force .husky/_ && git commit -q -m 'chore: start'
      git branch old && git worktree add -q -b one ../one
      git config core.hooksPath .husky/_
      """)
  }

  func outcome(of script: String, in place: String = "repository") throws -> CommandOutcome {
    try repository.attempt("sh", ["-c", Argument(script)], in: repository.surroundings / place)
  }

  @discardableResult
  func type(_ script: String, in place: String = "repository") throws -> String {
    let outcome = try outcome(of: "set -e\n" + script, in: place)
    guard outcome.status == 0 else { throw UnexpectedExit(description: "\(script)\n\(outcome)") }
    return outcome.standardOutput + outcome.standardError
  }

  /// What install prints, as a person pastes it.
  func pasteLines() throws {
    let install = try outcome(of: "preflight install")
    let snippet = install.standardOutput.split(separator: "\n", omittingEmptySubsequences: false).drop {
      !$0.hasPrefix("for hook in")
    }.prefix { !$0.isEmpty }
    guard install.status == 1, !snippet.isEmpty else { throw UnexpectedExit(description: "\(install)") }
    try type(snippet.joined(separator: "\n"))
  }

  func refusesBadMessage(in place: String) throws -> Bool {
    let outcome = try outcome(of: "git commit --allow-empty -q -m 'feet: a thing'", in: place)
    return outcome.status == 1 && outcome.findings(of: "message.type").count == 1
  }
}

@Suite("husky 9, with its wrappers tracked")
struct HuskyTests {
  @Test("With the lines pasted, a bad message is refused in every worktree: present, new, and on a branch from before")
  func everyWorktree() throws {
    let husky = try HuskyRepository()
    try husky.pasteLines()
    #expect(try husky.refusesBadMessage(in: "repository"))
    let commit = try husky.outcome(of: "git add .husky && git commit -q -m 'chore: run preflight'")
    #expect(commit.standardError == "preflight: 1 moved (preflight status)\n", "\(commit)")
    #expect(try husky.refusesBadMessage(in: "one"))

    try husky.type("git worktree add -q ../new -b new")
    #expect(try husky.refusesBadMessage(in: "new"))

    // Its own hooks are the old branch's. Whatever is typed next, anywhere, brings it onto trunk.
    try husky.type("git worktree add -q ../later old")
    #expect(try !husky.refusesBadMessage(in: "later"))
    try husky.type("git reset -q --hard old~1 2>/dev/null || git reset -q --hard HEAD~1", in: "later")
    let next = try husky.outcome(of: "git commit --allow-empty -q -m 'feat: a thing'", in: "one")
    #expect(next.standardError == "preflight: 1 moved (preflight status)\n", "\(next)")
    #expect(try husky.refusesBadMessage(in: "later"))
  }

  @Test("doctor names a worktree that nothing can bring along, and its repair works when pasted")
  func doctor() throws {
    let husky = try HuskyRepository()
    try husky.pasteLines()
    try husky.type("git add .husky && git commit -q -m 'chore: run preflight'")
    #expect(try husky.outcome(of: "preflight doctor").status == 0)
    try husky.type("git worktree add -q ../later old && cd ../later && preflight hold -m 'a demo'")
    let doctor = try husky.outcome(of: "preflight doctor")
    #expect(doctor.status == 1, "\(doctor)")
    #expect(
      doctor.standardOutput.contains("later: error: nothing in '.husky' runs 'preflight hook pre-commit'"), "\(doctor)")
    let repair = doctor.standardOutput.split(separator: "\n").filter { $0.hasPrefix("hint: ") }.map { $0.dropFirst(6) }
    try husky.type(repair.joined(separator: "\n"))
    #expect(try husky.outcome(of: "preflight doctor").status == 0)
    #expect(try husky.refusesBadMessage(in: "later"))
  }

  @Test("husky's own commands run after ours, and their failure fails")
  func chained() throws {
    let husky = try HuskyRepository()
    try husky.pasteLines()
    let outcome = try husky.outcome(of: "touch fails; git commit --allow-empty -q -m 'feat: a thing'", in: "repository")
    #expect(outcome.status == 1, "\(outcome)")
  }
}
