import Git
import HookRules
import Platform
import StateFiles
import Sync
import Testing

@testable import HookRules

@Suite("What was typed to push")
struct PushCommandTests {
  private static let lease = PushLease(
    branch: "refs/heads/a/b",
    publication: Publication(
      remote: "origin", branch: "refs/heads/a/b",
      tracking: Reference(
        name: "refs/remotes/origin/a/b", target: ObjectID(hex: String(repeating: "1", count: 40))!)))  // forty digits

  private func isPlain(_ line: String, current: String? = "refs/heads/a/b") -> Bool? {
    GitInvocation(line.split(separator: " ").map(String.init)).flatMap { PushCommand($0) }?.pushesPlainly(
      Self.lease, current: current)
  }

  @Test(
    "Names the branch, and may not overwrite",
    arguments: [
      "git push", "git push -q origin", "git push origin a/b", "git push -u origin HEAD",
      "git push origin refs/heads/a/b:a/b",
      "git -C dir -c x.y=z push origin x a/b", "git push -o f origin @", "git push -of --repo x origin HEAD:a/b",
      "/usr/bin/git push --push-option --force -- origin a/b", "git push --follow-tags --force-if-includes",
    ])
  func plain(line: String) {
    #expect(isPlain(line) == true, "\(line)")
  }

  @Test(
    "May overwrite, or names something else",
    arguments: [
      "git push -f", "git push -qf origin a/b", "git push --force", "git push --forc", "git push --mirror",
      "git push --force-with-lease=a/b:1 origin a/b", "git push origin +a/b", "git push origin main",
      "git push origin b",
      "git push origin a/b:other", "git push origin other:a/b", "git push origin --tags v1",
    ])
  func other(line: String) {
    #expect(isPlain(line) == false, "\(line)")
  }

  @Test("What HEAD means depends on what is checked out")
  func current() {
    #expect(isPlain("git push", current: "refs/heads/main") == false)
    #expect(isPlain("git push origin HEAD", current: nil) == false)
    #expect(isPlain("git push origin a/b", current: "refs/heads/main") == true)
  }

  @Test("Anything else than a push is none", arguments: ["git", "git pull", "git -C push", "git commit -m push"])
  func none(line: String) {
    #expect(isPlain(line) == nil)
  }
}
