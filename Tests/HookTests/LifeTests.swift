import Platform
import TestSupport
import Testing

@Suite("What hooks meet in a repository's life")
struct LifeTests {
  @Test("A hook that was there before runs after ours, with the same arguments and input; its failure fails")
  func chained() throws {
    let hive = try ArmedHive()
    try hive.type(
      """
      preflight uninstall
      for hook in pre-commit commit-msg pre-push post-commit post-merge post-rewrite; do
        printf '#!/bin/sh\\necho "%s $*" >>"$LOG"\\ncase %s in pre-push|post-rewrite) cat >>"$LOG" ;; esac\\ntest ! -e "$LOG.fail"\\n' \\
          $hook $hook >.git/hooks/$hook
        chmod +x .git/hooks/$hook
      done
      preflight install
      """, in: hive.repository.path)
    let log = hive.repository.surroundings / "log"
    let environment = ["LOG": log.description]
    func said() throws -> String {
      let text = try hive.repository.read("log", in: hive.repository.surroundings)
      try log.remove()
      return text
    }
    let refused = try hive.outcome(of: "git commit -q --allow-empty -m 'feet: a'", environment: environment)
    #expect(refused.findings(of: "message.type").count == 1)
    #expect(try said() == "pre-commit \n")
    try hive.type("git commit -q --allow-empty -m 'feat: a (ABC-1)'", environment: environment)
    let message = hive.repository.path / ".git/worktrees/one/COMMIT_EDITMSG"
    #expect(try said() == "pre-commit \ncommit-msg \(message)\npost-commit \n")
    try hive.type("git push -q ../origin.git one", environment: environment)
    let tip = try hive.repository.tip("one")
    let zeroes = String(repeating: "0", count: 40)
    #expect(try said() == "pre-push ../origin.git ../origin.git\nrefs/heads/one \(tip) refs/heads/one \(zeroes)\n")
    try hive.type("git commit -q --amend --allow-empty --no-verify -m 'feat: b'", environment: environment)
    let amended = try hive.repository.tip("one")
    #expect(try said() == "post-commit \npost-rewrite amend\n\(tip) \(amended)\n")
    try hive.type("touch \"$LOG.fail\"", environment: environment)
    #expect(try hive.outcome(of: "git commit -q --allow-empty -m 'feat: c'", environment: environment).status == 1)
    #expect(try hive.outcome(of: "git push -q ../origin.git one:x", environment: environment).status == 1)
    #expect(try hive.outcome(of: "git merge -q --ff-only main", environment: environment).status == 0)
  }

  @Test("What an earlier hook stages is judged as well")
  func formatter() throws {
    let hive = try ArmedHive()
    try hive.type(
      """
      preflight uninstall
      printf '#!/bin/sh\\nsed -i "s|^// \\\\(export.*second\\\\)|\\\\1|" src/index.ts; git add src\\n' >.git/hooks/pre-commit
      chmod +x .git/hooks/pre-commit
      preflight install
      """, in: hive.repository.path)
    let outcome = try hive.outcome(of: "echo 2 >one/kept && git add one && git commit -q -m 'feat: a thing'")
    #expect(outcome.status == 1 && outcome.findings(of: "exports.foreign").count == 1, "\(outcome)")
  }

  @Test("Without a plan hooks are silent and pass")
  func noPlan() throws {
    let hive = try ArmedHive()
    try hive.arrange("git rm -q preflight.toml && git commit -q -m 'chore: no plan'", in: hive.trunk)
    try hive.arrange("git reset -q --hard main")
    let outcome = try hive.outcome(of: "git commit -q --allow-empty -m 'anything' && git push -q origin one")
    #expect(outcome == CommandOutcome(status: 0, standardOutput: "", standardError: ""))
  }

  @Test("A damaged plan on trunk is said in one line, and the commit goes on")
  func damagedPlan() throws {
    let hive = try ArmedHive()
    try hive.arrange("echo 'typo = 1' >>preflight.toml && git commit -q -a -m 'chore: plan'", in: hive.trunk)
    let outcome = try hive.outcome(of: "git commit -q --allow-empty -m 'anything'")
    #expect(outcome.status == 0)
    let line = "preflight: nothing is checked: trunk's plan has faults (preflight plan check)"
    #expect(Set(outcome.standardError.split(separator: "\n")) == [line[...]], "\(outcome)")
  }

  @Test("A damaged cache of the plan is made again")
  func damagedCache() throws {
    let hive = try ArmedHive()
    for damage in [": >", "echo junk >", "printf '\\377\\377' | dd bs=1 seek=40 conv=notrunc status=none of="] {
      try hive.type("for file in \"$MAIN\"/.git/preflight/plans/*; do \(damage)\"$file\"; done")
      let outcome = try hive.outcome(of: "git commit -q --allow-empty -m 'feet: a'")
      #expect(outcome.findings(of: "message.type").count == 1, "\(damage) \(outcome)")
    }
  }

  @Test("Hooks need no PATH, and stay as they are when they are started from anywhere")
  func barePath() throws {
    let hive = try ArmedHive()
    try hive.type("rm -r \"$MAIN/.git/preflight/plans\"")
    let outcome = try hive.outcome(
      of: "git commit -q --allow-empty -m 'feet: a'", environment: ["PATH": "/usr/bin:/bin"])
    #expect(outcome.findings(of: "message.type").count == 1, "\(outcome)")
  }

  @Test("Where 'preflight' is gone, that is said; a hook whose executable is gone stops the commit")
  func goneExecutables() throws {
    let hive = try ArmedHive()
    let copy = hive.repository.surroundings / "products"
    try hive.type(
      """
      mkdir ../products
      for name in preflight preflight-merge pre-commit commit-msg pre-push post-merge post-rewrite post-commit; do
        cp "$(dirname "$(command -v preflight)")/$name" ../products/
      done
      ../products/preflight install && rm -r "$MAIN/.git/preflight/plans" ../products/preflight
      """)
    let silent = try hive.outcome(of: "git commit -q --allow-empty -m 'feet: a'")
    let line = "preflight: nothing is checked: the program 'preflight' is gone (install it, then: preflight install)"
    #expect(silent.status == 0)
    #expect(Set(silent.standardError.split(separator: "\n")) == [line[...]], "\(silent)")
    try (copy / "pre-commit").remove()
    let stopped = try hive.outcome(of: "git commit -q --allow-empty -m 'feat: a'")
    #expect(stopped.status != 0 && stopped.standardError.contains("pre-commit"), "\(stopped)")
  }

  @Test("A trunk that is nowhere is said once, and passes")
  func noTrunk() throws {
    let hive = try ArmedHive()
    try hive.type("git config preflight.trunk refs/heads/gone")
    let outcome = try hive.outcome(of: "git commit -q --allow-empty -m 'feat: a'")
    #expect(outcome.status == 0)
    #expect(outcome.standardError.split(separator: "\n").count == 1, "\(outcome)")
    #expect(outcome.standardError.contains("gone"), "\(outcome)")
    #expect(try hive.outcome(of: "git commit -q --allow-empty -m 'feat: b'").standardError == "")
  }

  @Test("Installing twice changes nothing, uninstalling puts every byte back, and a path with a blank works")
  func installs() throws {
    let hive = try ArmedHive()
    #expect(try hive.type("preflight install") == "nothing to do: the hooks are installed\n")
    try hive.type(
      """
      mkdir '../a b'
      for name in preflight preflight-merge pre-commit commit-msg pre-push post-merge post-rewrite post-commit; do
        cp "$(dirname "$(command -v preflight)")/$name" '../a b/'
      done
      '../a b/preflight' install
      """)
    let outcome = try hive.outcome(of: "git commit -q --allow-empty -m 'feet: a'")
    #expect(outcome.findings(of: "message.type").count == 1, "\(outcome)")
    #expect(try hive.type("'../a b/preflight' doctor").contains("the hooks fire in 3 worktrees"))
    try hive.type("preflight uninstall")
    #expect(try hive.type("ls \"$MAIN/.git/hooks\" | grep -v sample || true") == "")
    #expect(try hive.outcome(of: "git commit -q --allow-empty -m 'feet: a'").standardError == "")
  }
}
