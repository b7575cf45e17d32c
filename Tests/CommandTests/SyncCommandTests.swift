import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight sync")
struct SyncCommandTests {
  /// With a commit in stream one, which the remote has, and a trunk that has moved without any hook.
  private func hive() throws -> ArmedHive {
    let hive = try ArmedHive()
    try hive.arrange(
      """
      echo 2 >one/kept && git commit -q -a -m 'feat: one (ABC-1)' && git push -q origin one
      echo 2 >free/kept && git -C "$TRUNK" commit -q --allow-empty -m 'feat: t' && git checkout -q -- free
      """)
    return hive
  }

  private func json(_ outcome: CommandOutcome) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput.utf8))
    return try #require(object as? [String: Any], "\(outcome)")
  }

  @Test("The table says what moved from where to where and what did not and why, then what to type for each")
  func table() throws {
    let hive = try hive()
    let old = try hive.type("git rev-parse one").prefix(10)
    try hive.type("preflight hold two -m review")
    let outcome = try hive.outcome(
      of: "git -C \"$TRUNK\" commit -q --allow-empty -m 'feat: u' 2>&1; preflight sync --no-fetch")
    let new = try hive.type("git rev-parse one")
    let lines = outcome.standardOutput.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix("one ") }, "\(outcome)")
    #expect(lines.contains { $0.hasPrefix("two ") && $0.hasSuffix("on hold: review") }, "\(outcome)")
    #expect(lines.contains("hint: two: preflight unhold \(hive.two)"), "\(outcome)")
    let lease = try hive.type("git rev-parse origin/one").dropLast()
    #expect(lease.hasPrefix(old))
    #expect(
      lines.contains(
        "hint: one: git -C \(hive.one) push --force-with-lease=refs/heads/one:\(lease) origin refs/heads/one:refs/heads/one"
      ), "\(outcome) \(new)")
  }

  @Test("The JSON has one shape")
  func shape() throws {
    let hive = try hive()
    let document = try json(try hive.outcome(of: "preflight sync --no-fetch --json"))
    #expect(document["version"] as? Int == 1)
    #expect(
      Set(document.keys) == [
        "version", "state", "trunk", "onto", "startedFrom", "fetchFailure", "entries",
      ])
    let entries = try #require(document["entries"] as? [[String: Any]])
    let one = try #require(entries.first { $0["stream"] as? String == "one" })
    #expect(
      Set(one.keys) == [
        "stream", "branch", "worktree", "due", "outcome", "from", "to", "onto", "replayed", "dropped", "merged",
        "push",
        "command",
      ])
    let push = try #require(one["push"] as? [String: Any])
    #expect(Set(push.keys) == ["state", "remote", "ref", "expected", "command"])
    #expect(push["state"] as? String == "due")
    let trunk = try #require(entries.first { $0["branch"] as? String == "main" })
    #expect(
      Set(trunk.keys) == [
        "stream", "branch", "worktree", "due", "outcome", "reason", "sentence", "push", "command",
      ])
    #expect(trunk["push"] is NSNull)

    try hive.arrange("echo 3 >one/kept && git commit -q -a -m 'feat: more (ABC-1)'")
    try hive.arrange("git commit -q --allow-empty -m 'feat: v'", in: hive.trunk)
    let dry = try json(try hive.outcome(of: "preflight sync --no-fetch --dry-run --json"))
    #expect(dry["state"] as? String == "predicted")
    let would = try #require((dry["entries"] as? [[String: Any]])?.first { $0["stream"] as? String == "one" })
    #expect(Set(would.keys).isSuperset(of: ["outcome", "from", "onto", "base"]))
    try hive.arrange("echo x >one/kept && git commit -q -a -m 'feat: theirs'", in: hive.trunk)
    let predicted = try hive.outcome(of: "preflight sync --no-fetch --dry-run")
    let row = try #require(predicted.standardOutput.split(separator: "\n").first { $0.hasPrefix("one ") })
    #expect(predicted.status == 1 && row.contains("conflict") && row.contains("one/kept"), "\(predicted)")
    let outcome = try hive.outcome(of: "preflight sync --no-fetch --json")
    #expect(outcome.status == 1)
    let conflict = try #require(
      (try json(outcome)["entries"] as? [[String: Any]])?.first { $0["stream"] as? String == "one" })
    #expect(
      Set(conflict.keys) == [
        "stream", "branch", "worktree", "due", "outcome", "onto", "base", "commit", "files", "push", "command",
      ])
  }

  @Test("--push does the push that it would have named, through the hooks of any push")
  func push() throws {
    let hive = try hive()
    let outcome = try hive.outcome(of: "preflight sync --no-fetch --push")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.standardOutput.contains(", pushed"), "\(outcome)")
    #expect(!outcome.standardOutput.contains("hint: one"), "\(outcome)")
    #expect(try hive.type("git rev-parse one") == hive.type("git -C \"$ORIGIN\" rev-parse one"))

    try hive.arrange("git commit -q --allow-empty -m 'feet: x (ABC-1)'")
    try hive.arrange("git commit -q --allow-empty -m 'feat: v'", in: hive.trunk)
    let refused = try hive.outcome(of: "preflight sync --no-fetch --push")
    #expect(refused.status == 1, "\(refused)")
    #expect(refused.findings(of: "message.type").count == 1, "\(refused)")
    #expect(refused.standardOutput.contains(", push refused"), "\(refused)")
  }

  @Test("A remote that takes a push and says nothing is named, and Ctrl-C ends it with nothing lost")
  func silentRemote() throws {
    let hive = try hive()
    try hive.arrange("git config remote.origin.receivepack 'sleep 600 #'")
    let terminal = try PseudoTerminal()
    let child = try terminal.start(
      BuiltProducts.executable("preflight"), ["sync", "--no-fetch", "--push"],
      environment: hive.repository.environment, in: hive.one)
    _ = try terminal.wait(for: "preflight: waiting for git push origin (process ")
    terminal.type("\u{03}")
    #expect(child.finish().ending == .killed(signal: SIGINT))
    #expect(try hive.isOnTrunk("one"))
    #expect(try hive.type("git rev-parse one") != hive.type("git -C \"$ORIGIN\" rev-parse one"))
    try hive.arrange("git config --unset remote.origin.receivepack")
    let again = try hive.outcome(of: "preflight sync --no-fetch --push")
    #expect(again.status == 0 && again.standardOutput.contains(", pushed"), "\(again)")
    #expect(try hive.type("git rev-parse one") == hive.type("git -C \"$ORIGIN\" rev-parse one"))
  }

  @Test("A remote that does not answer a fetch is named, and Ctrl-C leaves everything as it was")
  func silentFetch() throws {
    let hive = try hive()
    let before = try hive.type("git for-each-ref && git -C \"$TWO\" status --porcelain")
    try hive.arrange("git config remote.origin.uploadpack 'sleep 600 #'")
    let terminal = try PseudoTerminal()
    let child = try terminal.start(
      BuiltProducts.executable("preflight"), ["sync"], environment: hive.repository.environment, in: hive.one)
    _ = try terminal.wait(for: "preflight: waiting for git fetch origin (process ")
    terminal.type("\u{03}")
    #expect(child.finish().ending == .killed(signal: SIGINT))
    #expect(try hive.type("git for-each-ref && git -C \"$TWO\" status --porcelain") == before)
    try hive.arrange("git config --unset remote.origin.uploadpack")
    #expect(try hive.outcome(of: "preflight sync").status == 0)
    #expect(try hive.isOnTrunk("one"))
  }

  @Test("What git refuses is said in full, beside a table that cuts it, and is no success")
  func refused() throws {
    let hive = try hive()
    let hook = "echo 'a rule of this house that takes more room than a table on a terminal has for it' >&2; exit 1"
    try hive.arrange(
      """
      mkdir -p "$MAIN/.git/hooks"
      printf '#!/bin/sh\ngrep -q refs/heads/one || exit 0\n%s\n' "\(hook)" >"$MAIN/.git/hooks/reference-transaction"
      chmod +x "$MAIN/.git/hooks/reference-transaction"
      """)
    let before = try hive.type("git rev-parse one && git status --porcelain && git ls-files --stage")
    let outcome = try hive.outcome(of: "preflight sync --no-fetch --stream one", environment: ["COLUMNS": "80"])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.standardError.contains("one: git refused: "), "\(outcome)")
    #expect(outcome.standardOutput.contains("hint: one: preflight sync --stream one\n"), "\(outcome)")
    #expect(try hive.type("git rev-parse one && git status --porcelain && git ls-files --stage") == before)
    try hive.type("rm \"$MAIN/.git/hooks/reference-transaction\" && preflight sync --no-fetch --stream one")
    #expect(try hive.isOnTrunk("one"))
  }

  @Test("Where trunk has diverged, what is to be typed works, and no table without rows is shown")
  func diverged() throws {
    let hive = try hive()
    try hive.arrange(
      "git push -q origin main && git reset -q --hard HEAD~1 && git commit -q --allow-empty -m 'feat: v'",
      in: hive.trunk)
    let outcome = try hive.outcome(of: "preflight sync")
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.standardOutput.isEmpty, "\(outcome)")
    let way = "have diverged (where 'main' is checked out: git rebase origin/main)\n"
    #expect(outcome.standardError.hasSuffix(way), "\(outcome)")
    try hive.arrange("git rebase -q origin/main", in: hive.trunk)
    #expect(try hive.outcome(of: "preflight sync").status == 0)
  }

  @Test("--here, --onto and --fresh, typed")
  func options() throws {
    let hive = try hive()
    let here = try hive.outcome(of: "preflight sync --no-fetch --here")
    #expect(here.standardOutput.contains("one") && !here.standardOutput.contains("two"), "\(here)")
    #expect(try hive.isOnTrunk("one"))
    let nowhere = try hive.outcome(of: "preflight sync --no-fetch --onto nowhere")
    #expect(nowhere.standardOutput.isEmpty)
    #expect(nowhere.status == 2 && nowhere.standardError.contains("'nowhere' names no commit"), "\(nowhere)")
    try hive.type("preflight sync --no-fetch --stream one --onto main~1")
    #expect(try !hive.isOnTrunk("one"))
    let fresh = try hive.outcome(of: "preflight sync --no-fetch --fresh one")
    #expect(fresh.status == 0, "\(fresh)")
    let place = hive.repository.surroundings / "one-fresh"
    #expect(fresh.standardError.contains("'one-fresh' is checked out in \(place); 'one' stays as it is"), "\(fresh)")
    #expect(try hive.isOnTrunk("one-fresh"))
    #expect(try hive.outcome(of: "preflight sync --fresh main").status == 2)
    #expect(try hive.outcome(of: "preflight sync --fresh nobody").status == 2)
    #expect(try hive.outcome(of: "preflight sync --here --stream one").status == 64)
    #expect(try hive.outcome(of: "preflight sync --fresh one --push").status == 64)
  }

  /// As git 2.48 and later writes them where `worktree.useRelativePaths` is set.
  @Test("Worktrees with relative paths work, also after everything was moved to another directory")
  func relativePaths() throws {
    let hive = try hive()
    try hive.type(
      """
      mkdir moved && mv repository one two origin.git moved && cd moved
      for name in one two; do
        echo "gitdir: ../repository/.git/worktrees/$name" >$name/.git
        echo "../../../../$name/.git" >repository/.git/worktrees/$name/gitdir
      done
      echo mine >>one/src/loose.ts
      """, in: hive.repository.surroundings)
    let one = hive.repository.surroundings / "moved/one"
    let before = try hive.type("git rev-parse one && git diff", in: one)
    for command in ["status", "conflicts", "sync --no-fetch", "undo --list", "conflicts", "undo"] {
      let outcome = try hive.outcome(of: "preflight \(command)", in: one)
      #expect(outcome.status == 0 && !outcome.standardOutput.isEmpty, "\(command): \(outcome)")
      if command.hasPrefix("sync") {
        #expect(
          try hive.type("git merge-base --is-ancestor main one && git diff --name-only", in: one) == "src/loose.ts\n")
      }
    }
    #expect(try hive.type("git rev-parse one && git diff", in: one) == before)
  }

  @Test("What an undo leaves is told as an undo's: what is uncommitted and where, or the undo to type once more")
  func undoLeaves() throws {
    let hive = try hive()
    try hive.arrange("echo 3 >free/kept && git commit -q -a -m 'feat: three'", in: hive.trunk)
    try hive.type("preflight sync --no-fetch && echo mine >>free/kept")
    let outcome = try hive.outcome(of: "preflight undo")
    let words = "left: uncommitted where it would go back (commit it, then undo again): free/kept (edited)"
    #expect(outcome.status == 1 && outcome.standardOutput.contains(words), "\(outcome)")
    #expect(try hive.type("cat free/kept") == "3\nmine\n")

    let list = try hive.type("preflight undo --list")
    let id = try #require(list.split(separator: "\n").last?.split(separator: " ").first)
    try hive.type("git checkout -q -- free/kept && touch \"$(git rev-parse --git-dir)/index.lock\"")
    let busy = try hive.outcome(of: "preflight undo")
    #expect(busy.status == 1 && busy.standardOutput.contains("hint: one: preflight undo \(id)\n"), "\(busy)")
    let again = try hive.outcome(of: "rm \"$(git rev-parse --git-dir)/index.lock\" && preflight undo \(id)")
    #expect(again.status == 0, "\(again)")
    #expect(try hive.type("cat free/kept") == "1\n")
  }

  @Test("The command moves, whatever the plan's mode is for hooks", arguments: ["notify", "off"])
  func modes(mode: String) throws {
    let hive = try hive()
    try hive.arrange(
      "sed -i 's/^\\[sync\\]/&\\nmode = \"\(mode)\"/' preflight.toml && git commit -q -a -m 'chore: \(mode)'",
      in: hive.trunk)
    let hook = try hive.outcome(of: "git commit -q --allow-empty -m 'feat: u'", in: hive.trunk)
    #expect(hook.standardError.contains("would move (preflight sync)") == (mode == "notify"), "\(hook)")
    #expect(try !hive.isOnTrunk("one"))
    try hive.type("preflight hold one && preflight sync --no-fetch")
    let due = "preflight: this worktree is due (held): preflight sync --here\n"
    #expect(try hive.outcome(of: "preflight --no-commands").standardError.hasPrefix(due))
    try hive.type("preflight unhold one && preflight sync --no-fetch")
    #expect(try hive.isOnTrunk("one"))
    #expect(try !hive.outcome(of: "preflight --no-commands").standardError.contains("is due"))
  }
}
