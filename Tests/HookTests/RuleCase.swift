import TestSupport
import Testing

/// What breaks one rule, and what is like it but fine.
struct RuleCase: Sendable, CustomTestStringConvertible {
  let rule: String
  /// Whether git is stopped; a warning otherwise.
  var isError = true
  /// Lines of the plan.
  var rules = ""
  var commits = ""
  /// Done before, without any hook.
  var arrange = ""
  /// What breaks the rule.
  let attempt: String
  /// What is typed instead, and is fine.
  let allowed: String
  /// The editor that a pasted hint opens.
  var editor = "true"
  /// What proves, after the hint was pasted, that the rule is content; `nil` where the rule has no command for a hint.
  var proof: String?
  /// Whether the hint only shows something.
  var hintShows: String?
  var name: String?
  /// Whether git itself refuses the attempt, once the rule is off.
  var isRefusedByGit = false

  var testDescription: String { name ?? rule }
}

extension RuleCase {
  static let all =
    messages + shared + reverts + submodules + places + forms + exports + collisions + structures + pushes + locks

  static let messages = [
    RuleCase(
      rule: "message.grammar", arrange: "echo 2 >one/kept && git add one", attempt: "git commit -q -m 'a good thing'",
      allowed: "git commit -q -m 'feat: a good thing'", editor: "sed -i '1s/^/feat: /'",
      proof: "test \"$(git log -1 --format=%s)\" = 'feat: a good thing'"),
    RuleCase(
      rule: "message.type", arrange: "echo 2 >one/kept && git add one", attempt: "git commit -q -m 'feet: a thing'",
      allowed: "git commit -q -m 'fix: a thing'", proof: "test \"$(git log -1 --format=%s)\" = 'feat: a thing'"),
    RuleCase(
      rule: "message.scope", arrange: "echo 2 >one/kept", attempt: "git commit -q -a -m 'feat(cor): a thing'",
      allowed: "git commit -q -a -m 'feat(core): a thing'",
      proof: "test \"$(git log -1 --format=%s)\" = 'feat(core): a thing'"),
    RuleCase(
      rule: "message.blank-line", commits: "fix = false", arrange: "echo 2 >one/kept && git add one",
      attempt: "printf 'feat: a thing\\nand more\\n' | git commit -q -F -",
      allowed: "printf 'feat: a thing\\n\\nand more\\n' | git commit -q -F -",
      proof: "test \"$(git log -1 --format=%B)\" = \"$(printf 'feat: a thing\\n\\nand more')\""),
    RuleCase(
      rule: "message.subject-length", isError: false, arrange: "echo 2 >one/kept && git add one",
      attempt: "git commit -q -m \"feat: $(printf '%0100d' 0)\"",
      allowed: "git commit -q -m \"feat: $(printf '%094d' 0)\""),
    RuleCase(
      rule: "message.breaking", isError: false, arrange: "echo 2 >one/kept && git add one",
      attempt: "git commit -q -m 'feat: a thing' -m 'Breaking change: all is new'",
      allowed: "git commit -q -m 'feat: a thing' -m 'BREAKING CHANGE: all is new'"),
    RuleCase(
      rule: "message.issue", isError: false, arrange: "echo 2 >one/kept && git commit -q -a -m 'feat: a thing'",
      attempt: "git push -q origin one",
      allowed: "git commit -q --amend -m 'feat: a thing (ABC-1)' && git push -q origin one",
      proof: "git push -q --force origin one && git log -1 --format=%B | grep -q '^Refs: ABC-1$'"),
    RuleCase(
      rule: "message.fixup",
      arrange: "git commit -q --allow-empty -m 'feat: a' && git commit -q --allow-empty -m 'fixup! feat: a'",
      attempt: "git push -q origin HEAD:main", allowed: "git push -q origin HEAD:refs/heads/one",
      proof: "git push -q origin HEAD:main"),
  ]

  static let shared = [
    RuleCase(
      rule: "shared.stale",
      arrange: """
        sed -i 's/- c/- theirs/' "$TRUNK/CHANGELOG.md" && git -C "$TRUNK" commit -q -a -m 'feat: theirs'
        sed -i 's/- c/- ours/' CHANGELOG.md && echo 2 >one/kept
        """,
      attempt: "git commit -q -a -m 'feat: ours'", allowed: "git commit -q -m 'feat: ours' one/kept",
      proof: "git commit -q --only one/kept -m 'feat: ours'"),
    RuleCase(
      rule: "shared.stale",
      arrange: """
        sed -i 's/- c/- theirs/' "$TRUNK/CHANGELOG.md" && git -C "$TRUNK" commit -q -a -m 'feat: theirs'
        sed -i 's/- c/- ours/' CHANGELOG.md
        """,
      attempt: "git commit -q -a -m 'feat: ours'",
      allowed:
        "git checkout -q -- CHANGELOG.md && sed -i 's/- e/- ours/' CHANGELOG.md && git commit -q -a -m 'feat: ours'",
      editor: "printf 'feat: ours\\n' >",
      proof: """
        sed -i '/^<<<<<<</d;/^=======/d;/^>>>>>>>/d' CHANGELOG.md && git add CHANGELOG.md
        git -c core.editor=true rebase --continue >/dev/null && git push -q origin one
        """, name: "shared.stale, of the only file"),
    RuleCase(
      rule: "shared.overlap", isError: false,
      arrange: """
        sed -i 's/- c/- theirs/' "$TWO/CHANGELOG.md"
        sed -i 's/- c/- ours/' CHANGELOG.md && echo 2 >one/kept
        """,
      attempt: "git commit -q -a -m 'feat: ours'", allowed: "git commit -q -m 'feat: ours' one/kept",
      hintShows: "+- theirs"),
    RuleCase(
      rule: "shared.overlap", isError: false,
      arrange: """
        sed -i 's/- c/- theirs/' "$TWO/CHANGELOG.md" && git -C "$TWO" commit -q -a -m 'feat: theirs'
        sed -i 's/- c/- ours/' CHANGELOG.md && echo 2 >one/kept
        """,
      attempt: "git commit -q -a -m 'feat: ours'", allowed: "git commit -q -m 'feat: ours' one/kept",
      hintShows: "+- theirs", name: "shared.overlap, with what is committed there"),
  ]

  /// The old copy of a file is written back where its worktree was moved under it.
  static let reverts = [
    RuleCase(
      rule: "revert.silent",
      arrange: """
        echo 2 >"$TRUNK/free/kept" && git -C "$TRUNK" commit -q -a -m 'feat: theirs' && preflight sync --no-fetch
        echo 1 >free/kept && echo 2 >one/kept && git add .
        """,
      attempt: "git commit -q -m 'feat: mine'", allowed: "git commit -q -m 'feat: mine' one/kept",
      proof: "test \"$(cat free/kept)\" = 2 && git commit -q -m 'feat: mine'"),
    RuleCase(
      rule: "revert.silent",
      arrange: """
        sed -i 's/- b/- theirs/' "$TRUNK/CHANGELOG.md"
        git -C "$TRUNK" commit -q -a -m 'feat: theirs' && preflight sync --no-fetch
        sed -i 's/- theirs/- b/; s/- e/- mine/' CHANGELOG.md
        """,
      attempt: "cd one && git commit -q -a -m 'feat: mine'",
      allowed: "sed -i 's/- b/- theirs/' CHANGELOG.md && git commit -q -a -m 'feat: mine'",
      editor: "printf 'feat: mine\\n' >",
      proof: "git show HEAD:CHANGELOG.md | grep -q theirs && git show HEAD:CHANGELOG.md | grep -q mine",
      name: "revert.silent, of some lines, commit --all"),
    RuleCase(
      rule: "revert.silent", isError: false,
      arrange: "echo 2 >\"$TRUNK/free/kept\" && git -C \"$TRUNK\" commit -q -a -m 'feat: theirs'",
      attempt: "git rebase -q main && echo 1 >free/kept && git commit -q -m 'feat: mine' free/kept",
      allowed: "git rebase -q main && git revert --no-edit HEAD && git push -q origin one",
      name: "revert.silent, rebased by hand"),
    RuleCase(
      rule: "revert.silent",
      arrange: """
        echo 2 >"$TRUNK/free/new" && git -C "$TRUNK" add free && git -C "$TRUNK" commit -q -m 'feat: theirs'
        preflight sync --no-fetch && git rm -q free/new && git commit -q -m 'feat: mine (ABC-1)'
        """,
      attempt: "git push -q origin one",
      allowed: "git commit -q --amend -m 'revert: mine (ABC-1)' && git push -q origin one",
      editor: "printf 'feat: back (ABC-1)\\n' >", proof: "test -e free/new && git push -q origin one",
      name: "revert.silent, of a new file, at push"),
  ]

  /// Trunk has a submodule that this worktree has checked out one commit behind.
  private static let submodule = """
    git init -q -b main ../lib
    for name in old new; do
      git -C ../lib -c user.name=a -c user.email=a@b commit -q --allow-empty -m $name
    done
    git -C "$TRUNK" -c protocol.file.allow=always submodule --quiet add "${PWD%/*}/lib" lib
    git -C "$TRUNK" commit -q -m 'build: add a library'
    git merge -q main && git -c protocol.file.allow=always submodule --quiet update --init
    git -C lib checkout -q HEAD~1 && echo 2 >one/kept

    """

  static let submodules = [
    RuleCase(
      rule: "submodule.backward", arrange: submodule, attempt: "git commit -q -a -m 'feat: a thing'",
      allowed: "git submodule --quiet update && git commit -q -a -m 'feat: a thing'",
      editor: "printf 'feat: a thing\\n' >",
      proof: """
        git log -1 --name-only --format=%s | grep -q '^one/kept'
        test "$(git rev-parse HEAD:lib)" = "$(git rev-parse main:lib)"
        """),
    RuleCase(
      rule: "submodule.backward", arrange: submodule + "git commit -q -a -m 'feat: a thing (ABC-1)'",
      attempt: "git push -q origin one", allowed: "git push -q origin one~1:refs/heads/one",
      proof: "git push -q origin one", name: "submodule.backward, at push"),
  ]

  static let locks = [
    RuleCase(
      rule: "lock.outdated",
      arrange: """
        cd "$TRUNK" && echo 1 >a.lock && git add a.lock
        printf '[[shared]]\\npaths = ["a.lock"]\\nmerge = "regenerate"\\nrun = ["cp", "one/kept", "a.lock"]\\n' >>preflight.toml
        git commit -q -a -m 'build: lock' && env -u GIT_CONFIG_COUNT preflight install >/dev/null
        cd "$ONE" && git merge -q main && echo 2 >one/kept && cp one/kept a.lock && git commit -q -a -m 'feat: ours (ABC-1)'
        echo 3 >"$TRUNK/a.lock" && git -C "$TRUNK" commit -q -a -m 'build: theirs'
        git rebase -q main && preflight trust --yes
        """,
      attempt: "git push -q origin one",
      allowed: "preflight resolve && git commit -q -m 'build: make it anew (ABC-1)' && git push -q origin one",
      proof: "git push -q origin one && test \"$(git show HEAD:a.lock)\" = 2")
  ]

  static let places = [
    RuleCase(
      rule: "shared.claimed", isError: false,
      arrange: """
        (cd "$TWO" && preflight claim free -m 'moving it') && echo 2 | tee one/kept >free/kept && git add one free
        """,
      attempt: "git commit -q -m 'feat: both'", allowed: "git commit -q -m 'feat: mine' one/kept",
      proof: "git reset -q --soft HEAD~1"),
    RuleCase(
      rule: "shared.claimed", rules: "\"shared.claimed\" = \"error\"",
      arrange: """
        (cd "$TWO" && preflight claim free/kept) && echo 2 | tee one/kept >free/kept && git add one free
        """,
      attempt: "git commit -q -m 'feat: both'",
      allowed: "(cd \"$TWO\" && preflight claim --drop) && git commit -q -m 'feat: both'",
      proof: "git commit -q -m 'feat: mine'", name: "shared.claimed, made an error by the plan"),
    RuleCase(
      rule: "ownership", isError: false, arrange: "echo 2 | tee one/kept >two/kept && git add one two",
      attempt: "git commit -q -m 'feat: both'", allowed: "git commit -q -m 'feat: mine' one/kept",
      proof: "git reset -q --soft HEAD~1"),
    RuleCase(
      rule: "ownership", rules: "ownership = \"error\"", arrange: "echo 2 | tee one/kept >two/kept && git add one two",
      attempt: "git commit -q -m 'feat: both'", allowed: "git commit -q -m 'feat: mine' one/kept",
      proof: "git commit -q -m 'feat: both'", name: "ownership, made an error by the plan"),
    RuleCase(
      rule: "branch.drift", arrange: "git switch -q three && echo 2 >free/kept && git add free",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "git switch -q one && git commit -q -m 'feat: a thing'", proof: "git commit -q -m 'feat: a thing'"),
  ]

  /// `commit --all` and `commit -- path` take what is in the files: unstaging alone would change nothing.
  static let forms = [
    RuleCase(
      rule: "exports.foreign", arrange: "sed -i \"s|^// \\(export.*second\\)|\\1|\" src/index.ts && echo 2 >one/kept",
      attempt: "git commit -q -a -m 'feat: a thing'", allowed: "git commit -q -m 'feat: a thing' one/kept",
      editor: "printf 'feat: a thing\\n' >", proof: "git log -1 --name-only --format=%s | grep -q '^one/kept'",
      name: "exports.foreign, commit --all"),
    RuleCase(
      rule: "exports.foreign", arrange: "sed -i \"s|^// \\(export.*second\\)|\\1|\" src/index.ts && echo 2 >one/kept",
      attempt: "git commit -q -m 'feat: a thing' one src", allowed: "git commit -q -m 'feat: a thing' one",
      editor: "printf 'feat: a thing\\n' >", proof: "git log -1 --name-only --format=%s | grep -q '^one/kept'",
      name: "exports.foreign, commit -- path"),
    RuleCase(
      rule: "exports.missing-module",
      arrange: "sed -i \"s|^// \\(export.*first\\)|\\1|\" src/index.ts && echo 'export {}' >src/first.ts",
      attempt: "git commit -q -m 'feat: a thing' src/index.ts",
      allowed: "git add src/first.ts && git commit -q -m 'feat: a thing' src",
      editor: "printf 'feat: a thing\\n' >", proof: "git cat-file -e HEAD:src/first.ts",
      name: "exports.missing-module, commit -- path"),
    RuleCase(
      rule: "ownership", rules: "ownership = \"error\"", arrange: "echo 2 | tee one/kept >two/kept",
      attempt: "cd one && git commit -q -a -m 'feat: both'",
      allowed: "cd one && git commit -q -m 'feat: mine' kept", editor: "printf 'feat: mine\\n' >",
      proof: "git log -1 --name-only --format=%s | grep -q '^one/kept'",
      name: "ownership, commit --all in a subdirectory"),
    RuleCase(
      rule: "message.type", arrange: "echo 2 | tee one/kept >free/kept",
      attempt: "cd one && git commit -q -m 'feet: a thing' kept",
      allowed: "cd one && git commit -q -m 'fix: a thing' kept",
      proof: "test \"$(git log -1 --format=%s --name-only | tail -1)\" = one/kept",
      name: "message.type, commit -- path in a subdirectory"),
  ]

  static let exports = [
    RuleCase(
      rule: "exports.foreign",
      arrange: "sed -i \"s|^// \\(export.*second\\)|\\1|\" src/index.ts && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: """
        git checkout -q HEAD src/index.ts && sed -i "s|^// \\(export.*first\\)|\\1|" src/index.ts
        echo 'export {}' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'
        """, proof: "git commit -q -m 'feat: a thing'"),
    RuleCase(
      rule: "exports.shape",
      arrange: "sed -i 's|^export.*types.*|&;|' src/index.ts && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: """
        git checkout -q HEAD src/index.ts && echo "export * from './loose.js'" >>src/index.ts
        git add -A && git commit -q -m 'feat: a thing'
        """, proof: "git commit -q -m 'feat: a thing'"),
    RuleCase(
      rule: "exports.missing-module",
      arrange: "sed -i \"s|^// \\(export.*first\\)|\\1|\" src/index.ts && git add -A && echo 'export {}' >src/first.ts",
      attempt: "git commit -q -m 'feat: a thing'", allowed: "git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing' && git cat-file -e HEAD:src/first.ts"),
    RuleCase(
      rule: "exports.missing-module",
      arrange: "sed -i \"s|^// \\(export.*first\\)|\\1|\" src/index.ts && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "echo 'export {}' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing'", name: "exports.missing-module, which is nowhere"),
    RuleCase(
      rule: "exports.lost", rules: "\"exports.shape\" = \"off\"",
      arrange: "sed -i '/types/d' src/index.ts && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "git rm -q src/types.ts && git commit -q -m 'feat: a thing'", proof: "git commit -q -m 'feat: a thing'"),
    RuleCase(
      rule: "exports.unowned", isError: false, rules: "\"exports.shape\" = \"off\"",
      arrange: "sed -i \"s|^// \\(export.*loose\\)|\\1|\" src/index.ts && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'", allowed: "git commit -q -m 'feat: a thing' one/kept"),
  ]

  /// Stream one brings its stub to life, with a module that exports what another exports already.
  private static let lively = "sed -i \"s|^// \\(export.*first\\)|\\1|\" src/index.ts && echo 2 >one/kept"

  static let collisions = [
    RuleCase(
      rule: "exports.collision", arrange: "\(lively) && echo 'export type Status = 1' >src/first.ts && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "echo 'export type FirstStatus = 1' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing' && git cat-file -e HEAD:src/first.ts"),
    RuleCase(
      rule: "exports.collision",
      arrange: """
        \(lively) && echo 'export {}' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'
        echo 'export const Status = 1' >src/first.ts && echo 3 >one/kept && git add -A
        """,
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "echo 'const Status = 1' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing' && git diff --exit-code HEAD~1 HEAD -- src",
      name: "exports.collision, by a module alone"),
    RuleCase(
      rule: "exports.collision",
      arrange: """
        sed -i "s|^// \\(export.*loose\\)|\\1|" "$TRUNK/src/index.ts" && echo 'export const Loose = 1' >"$TRUNK/src/loose.ts"
        git -C "$TRUNK" commit -q -a -m 'feat: theirs'
        \(lively) && echo 'export class Loose {}' >src/first.ts && git add -A
        """,
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "echo 'export class First {}' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing' && git cat-file -e HEAD:src/first.ts",
      name: "exports.collision, with what trunk exports since"),
    RuleCase(
      rule: "exports.collision",
      arrange: """
        sed -i "s|^// \\(export.*second\\)|\\1|" "$TWO/src/index.ts" && echo 'export const a = 1, b = 2' >"$TWO/src/second.ts"
        git -C "$TWO" commit -q -a -m 'feat: theirs'
        \(lively) && echo 'export function b() {}' >src/first.ts && git add -A
        """,
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "echo 'export function c() {}' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing' && git cat-file -e HEAD:src/first.ts",
      name: "exports.collision, with a sibling"),
    RuleCase(
      rule: "exports.collision", isError: false,
      arrange: """
        sed -i "s|^// \\(export.*second\\)|\\1|" "$TWO/src/index.ts" && echo 'export const a = 1, b = 2' >"$TWO/src/second.ts"
        \(lively) && echo 'export function b() {}' >src/first.ts && git add -A
        """,
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "echo 'export function c() {}' >src/first.ts && git add -A && git commit -q -m 'feat: a thing'",
      hintShows: "src/second.ts:1:export const a = 1, b = 2",
      name: "exports.collision, with what a sibling has not committed"),
    RuleCase(
      rule: "exports.collision",
      arrange: """
        \(lively) && echo 'export type Status = 1' >src/first.ts && git add -A && git commit -q -m 'feat: a thing (ABC-1)'
        """,
      attempt: "git push -q origin one", allowed: "git push -q origin one~1:refs/heads/one",
      proof: "git push -q origin one", name: "exports.collision, at push"),
  ]

  static let structures = [
    RuleCase(
      rule: "structure.markers",
      arrange:
        "printf '<<<<<<< ours\\n1\\n=======\\n2\\n>>>>>>> theirs\\n' >free/kept && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "printf 'Heading\\n=======\\n' >free/kept && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing'"),
    RuleCase(
      rule: "structure.markers",
      arrange: """
        printf '<<<<<<< ours\\n1\\n=======\\n2\\n>>>>>>> theirs\\n' >free/kept && git commit -q -a -m 'feat: a thing (ABC-1)'
        """,
      attempt: "git push -q origin one", allowed: "git push -q origin one~1:refs/heads/one",
      proof: "git push -q origin one", name: "structure.markers, at push"),
    RuleCase(
      rule: "structure.export",
      arrange: "echo \"export * from './types.js'\" >>src/index.ts && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "sed -i '$ d' src/index.ts && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing'"),
    RuleCase(
      rule: "structure.json", arrange: "echo '{ \"a\": 1 \"b\": 2 }' >package.json && echo 2 >one/kept && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "echo '{ \"a\": 1, \"b\": 2 }' >package.json && git add -A && git commit -q -m 'feat: a thing'",
      proof: "git commit -q -m 'feat: a thing'"),
    RuleCase(
      rule: "structure.stub", isError: false,
      arrange: "echo \"export * from './first.js'\" >>src/index.ts && echo 'export {}' >src/first.ts && git add -A",
      attempt: "git commit -q -m 'feat: a thing'",
      allowed: "sed -i '/^\\/\\/.*first/d' src/index.ts && git add -A && git commit -q -m 'feat: a thing'",
      proof: "! grep -q '^//.*first' src/index.ts && git commit -q -a --amend --no-edit"),
    RuleCase(
      rule: "structure.heading", isError: false,
      arrange: "sed -i 's/^- a/- a\\n\\n### Fixed\\n\\n- c\\n\\n### Added\\n\\n- d/' HISTORY.md && git add -A",
      attempt: "git commit -q -m 'docs: a thing'",
      allowed:
        "git checkout -q HEAD HISTORY.md && sed -i 's/^- a/- a\\n- d/' HISTORY.md && git commit -q -a -m 'docs: a thing'"
    ),
    RuleCase(
      rule: "structure.released", isError: false, arrange: "sed -i 's/^- b/- b\\n- c/' HISTORY.md && git add -A",
      attempt: "git commit -q -m 'docs: a thing'",
      allowed:
        "git checkout -q HEAD HISTORY.md && sed -i 's/^- b/- b, reworded/' HISTORY.md && git commit -q -a -m 'docs: a thing'"
    ),
  ]

  static let pushes = [
    RuleCase(
      rule: "shared.stale",
      arrange: """
        sed -i 's/- c/- theirs/' "$TRUNK/CHANGELOG.md" && git -C "$TRUNK" commit -q -a -m 'feat: theirs'
        sed -i 's/- c/- ours/' CHANGELOG.md && git commit -q -a -m 'feat: ours (ABC-1)'
        """,
      attempt: "git push -q origin one", allowed: "git push -q origin one~1:refs/heads/one",
      proof: """
        sed -i '/^<<<<<<</d;/^=======/d;/^>>>>>>>/d' CHANGELOG.md && git add CHANGELOG.md
        git commit -q -m "Merge branch 'main' into one" && git push -q origin one
        """, name: "shared.stale, at push"),
    RuleCase(
      rule: "exports.foreign",
      arrange: "sed -i \"s|^// \\(export.*second\\)|\\1|\" src/index.ts && git commit -q -a -m 'feat: a thing (ABC-1)'",
      attempt: "git push -q origin one", allowed: "git push -q origin one~1:refs/heads/one",
      proof: "git push -q origin one", name: "exports.foreign, at push"),
    RuleCase(
      rule: "message.type", arrange: "git commit -q --allow-empty -m 'feet: a thing (ABC-1)'",
      attempt: "git push -q origin one", allowed: "git push -q origin one~1:refs/heads/one",
      proof: "git push -q origin one && git log -1 --format=%s | grep -q '^feat: a thing'",
      name: "message.type, at push"),
    RuleCase(
      rule: "message.type",
      arrange: """
        git commit -q --allow-empty -m 'feet: a thing (ABC-1)'
        echo 2 >one/kept && git commit -q -a -m 'feat: another (ABC-1)'
        """,
      attempt: "git push -q origin one", allowed: "git push -q origin one~2:refs/heads/one",
      proof: "git push -q origin one && git log -1 --format=%s HEAD~1 | grep -q '^feat: a thing'",
      name: "message.type, of an older commit at push"),
    RuleCase(
      rule: "message.fixup",
      arrange: """
        git -C "$TRUNK" commit -q --allow-empty -m 'feat: a' && git -C "$TRUNK" commit -q --allow-empty -m 'fixup! feat: a'
        cd "$TRUNK"
        """,
      attempt: "cd \"$TRUNK\" && git push -q origin main", allowed: "cd \"$TRUNK\" && git push -q origin main~1:main",
      proof: "cd \"$TRUNK\" && git push -q origin main", name: "message.fixup, on trunk itself"),
    RuleCase(
      rule: "depends", isError: false, arrange: "git commit -q --allow-empty -m 'feat: a thing (ABC-1)'",
      attempt: "git push -q origin one",
      allowed: """
        echo 2 >"$TWO/two/kept" && git -C "$TWO" commit -q -a -m 'feat: the second (ABC-2)'
        git -C "$TRUNK" merge -q --no-ff two -m "Merge branch 'two'" && git push -q origin one
        """, hintShows: ""),
    RuleCase(
      rule: "trunk.push", isError: false, arrange: "git commit -q --allow-empty -m 'feat: a thing (ABC-1)'",
      attempt: "git push -q origin HEAD:main", allowed: "git push -q origin HEAD:refs/heads/one",
      proof: "git ls-remote origin | grep -q \"$(git rev-parse HEAD).*refs/heads/[^m]\""),
    RuleCase(
      rule: "push.unseen",
      arrange: """
        git clone -q "$ORIGIN" ../clone && git -C ../clone switch -q -c one
        git -C ../clone -c user.name=a -c user.email=a@b commit -q --allow-empty -m 'feat: theirs (ABC-1)'
        git -C ../clone push -q origin one
        git commit -q --allow-empty -m 'feat: ours (ABC-1)'
        """,
      attempt: "git push -q --force origin one", allowed: "git push -q origin one:refs/heads/one-again",
      proof: "git push -q --force origin one"),
    RuleCase(
      rule: "push.lease",
      arrange: """
        git commit -q --allow-empty -m 'feat: a thing (ABC-1)' && git push -q origin one
        git -C "$TRUNK" commit -q --allow-empty -m 'feat: t' && preflight sync --no-fetch >/dev/null
        """,
      attempt: "git push -q origin one",
      allowed: "git push -q origin one:refs/heads/one-again && git push -q origin main~1:main",
      proof: "git push -q origin one", isRefusedByGit: true),
    RuleCase(
      rule: "push.range",
      arrange: "git switch -q --orphan lone && git commit -q --allow-empty -m 'docs: pages'",
      attempt: "git push -q origin lone", allowed: "git push -q origin one",
      proof: "git ls-remote --exit-code origin refs/heads/lone"),
  ]
}
