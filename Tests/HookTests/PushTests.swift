import Platform
import TestSupport
import Testing

@Suite("Pushes")
struct PushTests {
  @Test("Every ref of a push is judged by its own range, and each commit once")
  func severalRefs() throws {
    let hive = try ArmedHive()
    try hive.arrange("git commit -q --allow-empty -m 'feet: x (ABC-1)'")
    try hive.arrange("git commit -q --allow-empty -m 'foot: y (ABC-2)'", in: hive.two)
    let outcome = try hive.outcome(of: "git push -q origin one two three one:refs/heads/copy")
    #expect(outcome.status == 1)
    #expect(outcome.findings(of: "message.type").count == 2, "\(outcome)")
    #expect(try hive.type("git ls-remote origin | wc -l").contains("2"))
    try hive.type("git push -q origin three one~1:refs/heads/copy && git push -q origin --delete three copy")
  }

  @Test("A commit that goes to a branch and to trunk at once is judged for trunk, too")
  func trunkAmongOthers() throws {
    let hive = try ArmedHive()
    try hive.arrange(
      "git commit -q --allow-empty -m 'feat: a (ABC-1)' && git commit -q --allow-empty -m 'fixup! feat: a'")
    let outcome = try hive.outcome(of: "git push -q origin one:a one:main")
    #expect(outcome.status == 1)
    #expect(outcome.findings(of: "message.fixup").count == 1, "\(outcome)")
    #expect(outcome.findings(of: "trunk.push").count == 1, "\(outcome)")
  }

  @Test("New branches, deletions and tags of any object go through; a tag's new commits are judged")
  func kinds() throws {
    let hive = try ArmedHive()
    try hive.type(
      """
      git commit -q --allow-empty -m 'feat: a (ABC-1)'
      git tag light && git tag -a -m note heavy && git tag -a -m note tree HEAD^{tree} && git tag blob HEAD:one/kept
      git push -q origin one light heavy tree blob
      git push -q origin :one :light
      git push -q origin one && git push -q origin one
      git push -q origin main
      """)
    try hive.arrange("git commit -q --allow-empty -m 'feet: b' && git tag -a -m note bad")
    let outcome = try hive.outcome(of: "git push -q origin bad")
    #expect(outcome.status == 1 && outcome.findings(of: "message.type").count == 1, "\(outcome)")
  }

  @Test("A forced push of one's own rebase passes; of commits never seen here it is refused until they are fetched")
  func forced() throws {
    let hive = try ArmedHive()
    try hive.type("git commit -q --allow-empty -m 'feat: a (ABC-1)' && git push -q origin one")
    try hive.type(
      "git commit -q --amend --allow-empty -m 'feat: b (ABC-1)' && git push -q --force-with-lease origin one")
    try hive.type("git push -q --force \"$ORIGIN\" one~1:refs/heads/one", in: hive.one)
  }

  @Test("Sync's own rebase of a published branch is pushed by the command that it prints")
  func ownRebase() throws {
    let hive = try ArmedHive()
    try hive.type("echo 2 >one/kept && git commit -q -a -m 'feat: a (ABC-1)' && git push -q origin one")
    try hive.arrange("git commit -q --allow-empty -m 'feat: t'", in: hive.trunk)
    let sync = try hive.outcome(of: "preflight sync --no-fetch", in: hive.trunk)
    let hint = try #require(sync.standardOutput.split(separator: "\n").first { $0.hasPrefix("hint: one: ") }, "\(sync)")
    let push = try hive.outcome(of: String(hint.dropFirst("hint: one: ".count)))
    #expect(push.status == 0, "\(push)")
  }

  @Test("A plain push after a sync is refused with the lease, wherever it is typed; what is pushed beside it is not")
  func plainAfterSync() throws {
    let hive = try ArmedHive()
    try hive.type("echo 2 >one/kept && git commit -q -a -m 'feat: a (ABC-1)' && git push -q --set-upstream origin one")
    try hive.arrange("git commit -q --allow-empty -m 'feat: t'", in: hive.trunk)
    try hive.type("preflight sync --no-fetch")
    let lease = try hive.type("git rev-parse origin/one").dropLast()
    let command = "git push --force-with-lease=refs/heads/one:\(lease) origin refs/heads/one:refs/heads/one"
    try hive.type("git config alias.p push")
    for (line, place) in [
      ("git push", hive.one), ("git p", hive.one), ("git push origin one", hive.two),
      ("git push origin HEAD", hive.one),
    ] {
      let outcome = try hive.outcome(of: line, in: place)
      #expect(outcome.status != 0 && outcome.findings(of: "push.lease").count == 1, "\(line) \(outcome)")
      #expect(outcome.hints.contains(command), "\(line) \(outcome)")
      #expect(!outcome.standardError.contains("git pull"), "\(line) \(outcome)")
    }
    // Nothing to push, and somebody else's branch: no word of it.
    for line in ["git push origin main~1:main", "git push origin three", "git push origin one:refs/heads/copy"] {
      let outcome = try hive.outcome(of: line)
      #expect(outcome.status == 0 && outcome.findings(of: "push.lease").isEmpty, "\(line) \(outcome)")
    }
    #expect(try hive.outcome(of: command, in: hive.two).status == 0)
    #expect(try hive.outcome(of: "git push").status == 0)
  }

  @Test("Where somebody else has pushed meanwhile, a leased push is refused by git alone: no hint leads in a ring")
  func staleLease() throws {
    let hive = try ArmedHive()
    try hive.type("git commit -q --allow-empty -m 'feat: a (ABC-1)' && git push -q origin one")
    try hive.arrange("git commit -q --allow-empty -m 'feat: t'", in: hive.trunk)
    try hive.arrange(
      """
      git clone -q -b one "$ORIGIN" ../clone && cd ../clone && git config user.name a && git config user.email a@b
      git commit -q --allow-empty -m 'feat: theirs (ABC-1)' && git push -q origin one
      """)
    try hive.type("preflight sync --no-fetch")
    let plain = try hive.outcome(of: "git push origin one")
    #expect(plain.findings(of: "push.unseen").count == 1, "\(plain)")
    let hint = try #require(plain.hints.last)
    let leased = try hive.outcome(of: hint.hasPrefix("git push") ? hint : "git push --force-with-lease origin one")
    #expect(leased.status != 0 && leased.findings(of: "push.lease").isEmpty, "\(leased)")
  }

  @Test("A push to a URL is judged as one to a remote")
  func url() throws {
    let hive = try ArmedHive()
    try hive.arrange("git commit -q --allow-empty -m 'feet: x'")
    let outcome = try hive.outcome(of: "git push -q \"$ORIGIN\" one")
    #expect(outcome.status == 1 && outcome.findings(of: "message.type").count == 1, "\(outcome)")
  }

  @Test("A history that is cut off is an error, and the hint gets the rest")
  func shallow() throws {
    let hive = try ArmedHive()
    try hive.arrange("git commit -q --allow-empty -m 'feat: t' && git push -q origin main", in: hive.trunk)
    try hive.arrange("git commit -q --allow-empty -m 'feat: a' && git push -q origin one")
    try hive.type(
      """
      git clone -q --depth 1 --branch one --no-single-branch "file://$ORIGIN" ../shallow
      cd ../shallow && preflight install && git config user.name a && git config user.email a@b
      git remote add other "$ORIGIN" && git commit -q --allow-empty -m 'feat: b (ABC-1)'
      """)
    let place = hive.repository.surroundings / "shallow"
    let outcome = try hive.outcome(of: "git push -q other HEAD:refs/heads/new", in: place)
    #expect(outcome.status == 1 && outcome.findings(of: "push.range").count == 1, "\(outcome)")
    let hint = try #require(outcome.hints.first)
    try hive.type("\(hint)\ngit push -q other HEAD:refs/heads/new", in: place)
  }
}
