import Git
import Platform
import TestSupport
import Testing

@Suite("preflight resolve")
struct ResolveTests {
  private let stubs = "export * from './a.js'\n// export * from './b.js'\n// export * from './c.js'\n"
  private let bothAlive = "export * from './a.js'\nexport * from './b.js'\nexport * from './c.js'\n"

  /// As where preflight was not installed yet: the text with git's markers.
  private static let gitWithoutUs = "git -c merge.preflight.driver='git merge-file %A %O %B' "

  /// A stream in whose worktree a merge has stopped: our driver was not there, and lines conflict in two files.
  private func stopped(by command: String = "git merge main", style: String = "merge") throws -> MergeHive {
    let hive = try MergeHive()
    let edit = { (module: String, note: String) in
      """
      sed -i '/\(module).js/s|^// ||' src/index.ts
      sed -i 's/2/\(note)/' notes.txt
      git commit --quiet --all --message 'feat: \(module)'
      """
    }
    try hive.type(edit("b", "two"))
    try hive.type(edit("c", "zwei"), in: "one")
    try hive.type("git config merge.conflictStyle \(style)")
    let outcome = try hive.outcome(of: command.replacing("git ", with: Self.gitWithoutUs), in: "one")
    guard outcome.status == 1 else { throw UnexpectedExit(description: "\(outcome)") }
    return hive
  }

  @Test(
    "What a policy can is resolved and staged; the rest is left, with the command that goes on",
    arguments: [
      ("git merge main", "git merge --continue"), ("git rebase main", "git rebase --continue"),
      ("git cherry-pick main", "git cherry-pick --continue"), ("git rebase --apply main", "git rebase --continue"),
    ])
  func resolved(by command: String, next: String) throws {
    let hive = try stopped(by: command)
    let outcome = try hive.outcome(of: "preflight resolve", in: "one")
    #expect(
      outcome.standardOutput == """
        left: notes.txt: no policy of the plan is for it
        resolved by policy barrel: src/index.ts
        1 conflict left: edit, then git add, then \(next)

        """, "\(outcome)")
    #expect(outcome.status == 1)
    #expect(try hive.read("src/index.ts", in: "one") == bothAlive)
    #expect(try hive.type("git show :src/index.ts", in: "one") == bothAlive)
    #expect(try hive.type("git diff --name-only --diff-filter=U", in: "one") == "notes.txt\n")
    try hive.type("echo done >notes.txt && git add notes.txt", in: "one")
    #expect(try hive.outcome(of: "preflight resolve", in: "one").standardOutput == "nothing to resolve\n")
    try hive.type("GIT_EDITOR=true \(next)", in: "one")
    #expect(try hive.type("git show HEAD:src/index.ts", in: "one") == bothAlive)
  }

  @Test("After a stash pop that has conflicted it is said that the stash is still there")
  func stash() throws {
    let hive = try MergeHive()
    let alive = { (module: String) in "sed -i '/\(module).js/s|^// ||' src/index.ts" }
    try hive.type(
      "\(alive("b")) && git stash --quiet && \(alive("c")) && git commit --quiet --all --message 'feat: c'", in: "one")
    #expect(try hive.outcome(of: "\(Self.gitWithoutUs) stash pop", in: "one").status == 1)
    let outcome = try hive.outcome(of: "preflight resolve", in: "one")
    #expect(
      outcome.standardOutput == """
        resolved by policy barrel: src/index.ts
        no conflict is left: git status, and git stash drop if git stash pop has brought it

        """, "\(outcome)")
    #expect(try hive.read("src/index.ts", in: "one") == bothAlive)
  }

  @Test("Whatever markers look like, they are told from edits", arguments: ["merge", "diff3", "zdiff3"])
  func styles(_ style: String) throws {
    let hive = try stopped(style: style)
    #expect(try hive.read("src/index.ts", in: "one").contains("<<<<<<<"))
    _ = try hive.outcome(of: "preflight resolve", in: "one")
    #expect(try hive.read("src/index.ts", in: "one") == bothAlive)
  }

  @Test("A file that was edited since is left byte for byte, with the command that brings the conflict back")
  func edited() throws {
    let hive = try stopped()
    try hive.type("sed -i '/^=====/d' src/index.ts", in: "one")
    let before = try hive.read("src/index.ts", in: "one")
    let outcome = try hive.outcome(of: "preflight resolve src", in: "one")
    #expect(outcome.status == 1)
    #expect(
      outcome.standardOutput == """
        left: src/index.ts: it was edited since the conflict arose: git checkout --merge brings the conflict back
        2 conflicts left: edit, then git add, then git merge --continue

        """)
    #expect(try hive.read("src/index.ts", in: "one") == before)
    #expect(try hive.type("git diff --name-only --diff-filter=U", in: "one") == "notes.txt\nsrc/index.ts\n")
    try hive.type("git checkout --merge -- src/index.ts", in: "one")
    #expect(
      try hive.outcome(of: "cd src && preflight resolve index.ts", in: "one").standardOutput
        == "resolved by policy barrel: src/index.ts\n1 conflict left: edit, then git add, then git merge --continue\n")
    #expect(try hive.type("git show :src/index.ts", in: "one") == bothAlive)
  }

  @Test("Other work in the worktree stays as it is, staged or not")
  func nothingElse() throws {
    let hive = try stopped()
    try hive.type(
      "echo staged >new.txt && git add new.txt && echo more >>new.txt && echo x >>CHANGELOG.md && echo y >untracked",
      in: "one")
    let look = "git status --porcelain=v2 | grep -v -e index.ts; git diff -- new.txt CHANGELOG.md notes.txt"
    let before = try hive.type(look, in: "one")
    _ = try hive.outcome(of: "preflight resolve", in: "one")
    #expect(try hive.type(look, in: "one") == before)
  }

  @Test("What git would not hand to our driver is left to git, and what one side has deleted to a person")
  func left() throws {
    let hive = try stopped()
    try hive.type("echo '*.ts merge=union' >>.git/info/attributes")
    let outcome = try hive.outcome(of: "preflight resolve src/index.ts", in: "one")
    #expect(outcome.standardOutput.hasPrefix("left: src/index.ts: its attributes leave it to git\n"))

    let other = try MergeHive()
    try other.type("git rm --quiet src/index.ts && git commit --quiet --message 'feat: none'")
    try other.type("sed -i 's|^// ||' src/index.ts && git commit --quiet --all --message 'feat: all'", in: "one")
    _ = try other.outcome(of: "git merge main", in: "one")
    let deleted = try other.outcome(of: "preflight resolve", in: "one")
    #expect(deleted.standardOutput.hasPrefix("left: src/index.ts: the other side has deleted it: git add or git rm\n"))
  }

  @Test("Files are written as git checks them out, and keep their mode")
  func converted() throws {
    let hive = try MergeHive()
    try hive.type(
      """
      echo '*.ts text eol=crlf' >.gitattributes && git add .gitattributes
      git update-index --chmod=+x src/index.ts && git commit --quiet --message 'chore: line ends'
      """)
    try hive.type("git rebase --quiet main && rm src/index.ts && git checkout -- src/index.ts", in: "one")
    try hive.type("rm src/index.ts && git checkout -- src/index.ts")
    try hive.type("sed -i '/b.js/s|^// ||' src/index.ts && git commit --quiet --all --message 'feat: b'")
    try hive.type("sed -i '/c.js/s|^// ||' src/index.ts && git commit --quiet --all --message 'feat: c'", in: "one")
    _ = try hive.outcome(of: Self.gitWithoutUs + "merge main", in: "one")
    try hive.type("preflight resolve", in: "one")
    #expect(try hive.read("src/index.ts", in: "one") == bothAlive.replacing("\n", with: "\r\n"))
    #expect(try hive.type("git show :src/index.ts", in: "one") == bothAlive)
    #expect(try hive.type("git ls-files --stage src/index.ts", in: "one").hasPrefix("100755 "))
    #expect(try hive.type("git status --porcelain", in: "one") == "M  src/index.ts\n")
  }

  @Test("A lock file is made anew by the approved command, once no conflict is left")
  func lockFiles() throws {
    let hive = try MergeHive()
    let add = { (name: String) in
      """
      printf '{\\n  "dependencies": {\\n    "a": "1.0.0",\\n    "\(name)": "1.0.0"\\n  }\\n}\\n' >package.json
      cp package.json package-lock.json && git commit --quiet --all --message 'build: add \(name)'
      """
    }
    try hive.type(add("b"))
    try hive.type(add("c") + "\ngit rebase --quiet main", in: "one")
    #expect(try hive.read("package-lock.json", in: "one") == hive.read("package-lock.json"))
    let check = try hive.outcome(of: "preflight --no-commands", in: "one")
    #expect(check.status == 1)
    #expect(check.findings(of: "lock.outdated").count == 1, "\(check)")

    let untrusted = try hive.outcome(of: "preflight resolve", in: "one")
    #expect(untrusted.status == 1)
    #expect(
      untrusted.standardOutput == """
        left: package-lock.json: its command is not approved on this machine
        hint: preflight trust && preflight resolve

        """)
    try hive.type("preflight trust --yes", in: "one")
    let done = try hive.outcome(of: "preflight resolve", in: "one")
    #expect(done.standardOutput == "made anew: package-lock.json\n")
    #expect(try hive.read("package-lock.json", in: "one") == hive.read("package.json", in: "one"))
    let staged = try hive.outcome(of: "preflight --no-commands", in: "one")
    #expect(staged.findings(of: "lock.outdated").first?.contains("and not committed") == true, "\(staged)")
    try hive.type(staged.hints[0], in: "one")
    #expect(try hive.outcome(of: "preflight --no-commands", in: "one").status == 0)
  }

  @Test("A merge that is only tried out, or taken back, leaves no lock to be made anew")
  func trials() throws {
    let hive = try MergeHive(plan: MergeHive.plan.replacing("quiet = \"0s\"", with: "mode = \"off\""))
    try hive.type("echo b >package-lock.json && git commit --quiet --all --message 'build: b'")
    try hive.type("echo c >package-lock.json && git commit --quiet --all --message 'build: c'", in: "one")
    try hive.type("git merge-tree --write-tree main one")
    #expect(try hive.outcome(of: "preflight --no-commands").findings(of: "lock.outdated").isEmpty)
    try hive.type("git merge --no-commit main && git merge --abort", in: "one")
    #expect(try hive.outcome(of: "preflight --no-commands", in: "one").findings(of: "lock.outdated").isEmpty)
  }
}
