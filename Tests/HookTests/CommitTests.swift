import Platform
import TestSupport
import Testing

/// A way to commit what stands in stream one's worktree.
private enum Form: String, CaseIterable, CustomStringConvertible {
  case staged = "git add --all && git commit -q -m 'feat: a thing'"
  case all = "git commit -q -a -m 'feat: a thing'"
  case only = "git commit -q -m 'feat: a thing' -- src one"

  var description: String { rawValue }
}

private let foreign = "sed -i \"s|^// \\(export.*second\\)|\\1|\" src/index.ts"
private let own =
  "sed -i \"s|^// \\(export.*first\\)|\\1|\" src/index.ts && echo 'export {}' >src/first.ts && git add -N src"

@Suite("Commits")
struct CommitTests {
  @Test(
    "The three forms of commit are judged alike, in every worktree and from a subdirectory", arguments: Form.allCases,
    ArmedHive.Place.allCases)
  fileprivate func forms(_ form: Form, _ place: ArmedHive.Place) throws {
    let hive = try ArmedHive(place)
    try hive.type(foreign)
    for script in [
      form.rawValue, "cd \(hive.repository.surroundings) && git -C '\(hive.one)' \(form.rawValue.drop { $0 != "c" })",
    ] {
      let outcome = try hive.outcome(of: script)
      #expect(outcome.status == 1, "\(outcome)")
      #expect(outcome.findings(of: "exports.foreign").count == 1, "\(outcome)")
    }
    try hive.type("git reset -q --hard && \(own)")
    let outcome = try hive.outcome(of: form.rawValue)
    #expect(outcome == CommandOutcome(status: 0, standardOutput: "", standardError: ""))
    let message = try hive.outcome(of: "echo 2 >one/kept; " + form.rawValue.replacing("feat:", with: "feet:"))
    #expect(message.findings(of: "message.type").count == 1, "\(message)")
  }

  @Test("From a subdirectory, paths are those of the repository and hints hold there")
  func subdirectory() throws {
    let hive = try ArmedHive()
    try hive.type("\(foreign) && echo 2 >one/kept && git add --all")
    let outcome = try hive.outcome(of: "git commit -q -m 'feat: a thing'", in: hive.one / "one")
    #expect(outcome.standardError.hasPrefix("src/index.ts:"), "\(outcome)")
    try hive.type("\(try #require(outcome.hints.first))\ngit commit -q -m 'feat: a thing'", in: hive.one / "one")
  }

  @Test("An amend is judged as a whole: one that adds a fault is refused, one that takes it back passes")
  func amend() throws {
    let hive = try ArmedHive()
    try hive.type("\(own) && git commit -q -a -m 'feat: a thing'")
    let added = try hive.outcome(of: "\(foreign) && git commit -q -a --amend --no-edit")
    #expect(added.status == 1 && added.findings(of: "exports.foreign").count == 1, "\(added)")
    try hive.arrange("git commit -q -a --amend --no-edit")
    let push = try hive.outcome(of: "git push -q origin one")
    #expect(push.status == 1 && push.findings(of: "exports.foreign").count == 1, "\(push)")
    let back = try hive.outcome(
      of: "git checkout -q HEAD~1 -- src/index.ts && \(own) && git commit -q -a --amend -m 'feat: a thing (ABC-1)'")
    #expect(back == CommandOutcome(status: 0, standardOutput: "", standardError: ""))
    try hive.type("git push -q origin one")
  }

  @Test("Merging trunk into a stream passes whatever trunk holds: at once, after a conflict, and squashed")
  func merges() throws {
    for command in ["git merge -q main", "git merge -q --squash main && git commit -q -m 'chore: take trunk'"] {
      let hive = try ArmedHive()
      try hive.arrange("\(foreign) && echo 2 >two/kept && git commit -q -a -m 'feat: theirs'", in: hive.trunk)
      try hive.arrange("echo 2 >one/kept && git commit -q -a -m 'feat: ours'")
      #expect(try !hive.type(command).contains("error"))
    }
    let hive = try ArmedHive()
    try hive.arrange(
      "\(foreign) && sed -i 's/- c/- t/' CHANGELOG.md && git commit -q -a -m 'feat: theirs'", in: hive.trunk)
    try hive.arrange("sed -i 's/- c/- o/' CHANGELOG.md && git commit -q -a -m 'feat: ours'")
    #expect(try hive.outcome(of: "git merge -q main").status == 1)
    let outcome = try hive.outcome(
      of: "printf '# Changelog\\n\\n- a\\n- b\\n- t\\n- o\\n- d\\n- e\\n' >CHANGELOG.md && git commit -q -a --no-edit")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(!outcome.standardError.contains("error"), "\(outcome)")
  }

  @Test("A squash of a stream on trunk, and resolving its conflict there, pass")
  func squashOnTrunk() throws {
    let hive = try ArmedHive()
    try hive.arrange("\(own) && echo 2 >one/kept && git add -A && git commit -q -m 'feat: ours (ABC-1)'")
    let outcome = try hive.outcome(
      of: "git merge -q --squash one && git commit -q -m 'feat: first (ABC-1)'", in: hive.trunk)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(!outcome.standardError.contains("error:"), "\(outcome)")
  }

  @Test("The first commit of a repository is judged, and a detached HEAD is worked on as ever")
  func unborn() throws {
    let hive = try ArmedHive()
    try hive.type("git switch -q --orphan fresh && echo 1 >a && git add a")
    let refused = try hive.outcome(of: "git commit -q -m 'feet: a'")
    #expect(refused.findings(of: "message.type").count == 1, "\(refused)")
    try hive.type(try #require(refused.hints.first))
    try hive.type("git switch -q --detach main && echo 2 >free/kept && git commit -q -a -m 'feat: detached'")
    #expect(try hive.outcome(of: "git commit -q --allow-empty -m 'feet: a'").status == 1)
  }

  @Test("rebase, cherry-pick and revert go through, and trunk's move by them is followed")
  func replays() throws {
    let hive = try ArmedHive()
    try hive.arrange("echo 2 >free/kept && git commit -q -a -m 'feat: theirs'", in: hive.two)
    try hive.type("echo 2 >one/kept && git commit -q -a -m 'feat: ours'")
    let pick = try hive.outcome(of: "git cherry-pick two", in: hive.trunk)
    #expect(pick.status == 0, "\(pick)")
    #expect(pick.standardError.contains("preflight: 1 moved (preflight status)"), "\(pick)")
    #expect(try hive.isOnTrunk("one"))
    let revert = try hive.outcome(of: "git revert --no-edit HEAD", in: hive.trunk)
    #expect(revert.status == 0 && revert.standardError.contains("moved"), "\(revert)")
    #expect(try hive.isOnTrunk("one"))
    try hive.type("git rebase -q HEAD~1 && git rebase -q main")
  }

  @Test("Names that no tool may stumble over are judged and shown safely")
  func names() throws {
    let hive = try ArmedHive(rules: "ownership = \"error\"")
    let names = ["two/a b", "two/a\\nb", "two/\\377\\376", "two/-rf", "two/\"q\"", "two/é"]
    for (number, name) in names.enumerated() {
      let file = name.replacing("\"", with: "\\042")
      try hive.type(
        "f=$(printf '\(file).') && f=${f%.} && echo 1 >\"$f\" && git add -A && echo x\(number) >one/kept && git add one"
      )
      let outcome = try hive.outcome(of: "git commit -q -m 'feat: a thing'")
      #expect(outcome.findings(of: "ownership").count == 1, "\(name) \(outcome)")
      try hive.type("\(try #require(outcome.hints.first))\ngit commit -q -m 'feat: a thing' && git clean -qfd")
    }
  }

  @Test("Whatever a commit can hold goes through: renames, modes, links, submodules, deletions, files only announced")
  func kinds() throws {
    let hive = try ArmedHive()
    let scripts = [
      "git mv one/kept one/moved", "chmod +x one/moved && git add one", "ln -s moved one/link && git add one",
      "ln -s nowhere one/broken && git add one", "rm one/moved && ln -s kept one/moved && git add one",
      "git rm -q one/moved", "echo 1 >one/new && git add -N one/new && echo 2 >one/other && git add one/other",
      "git commit -q -a -m 'feat: the announced'; echo 3 >one/new && git add one",
      "git -c protocol.file.allow=always submodule --quiet add ../origin.git one/sub",
      "printf 'a\\r\\nb\\r\\n' >one/crlf && git add one", "echo 1 >one/ad && git add one/ad && rm one/ad",
    ]
    for script in scripts {
      let outcome = try hive.outcome(of: "\(script) && git commit -q -m 'feat: a thing'")
      #expect(outcome.status == 0, "\(script) \(outcome)")
      #expect(!outcome.standardError.contains("preflight"), "\(script) \(outcome)")
    }
    let type = try hive.outcome(
      of: "rm src/index.ts && ln -s types.ts src/index.ts && git add -A && git commit -q -m 'feat: a link'")
    #expect(!type.standardError.contains("crashed"), "\(type)")
  }

  @Test("A message is judged as git will store it")
  func messages() throws {
    let hive = try ArmedHive()
    func commit(_ script: String, _ environment: [String: String] = [:]) throws -> CommandOutcome {
      try hive.outcome(of: script, environment: environment)
    }
    let hash = try commit("git commit -q --allow-empty -m '#12 does it'", ["GIT_EDITOR": ":"])
    #expect(hash.findings(of: "message.grammar").count == 1, "\(hash)")
    let verbose = try commit("echo 2 >one/kept; git commit -q -a -v", ["GIT_EDITOR": "sed -i '1s/^/feat: seen/'"])
    #expect(verbose.status == 0, "\(verbose)")
    let auto = try commit(
      "git -c core.commentChar=auto commit -q --allow-empty -e -m '#12 does it'", ["GIT_EDITOR": "true"])
    #expect(auto.findings(of: "message.grammar").count == 1, "\(auto)")
    let semicolon = try commit(
      "git -c core.commentChar=';' commit -q --allow-empty", ["GIT_EDITOR": "printf '; note\\nfeat: a thing\\n' >"])
    #expect(semicolon == CommandOutcome(status: 0, standardOutput: "", standardError: ""))
    let mended = try commit("git commit -q --allow-empty -m 'Feat:x'")
    #expect(mended.standardError == "preflight: mended 'Feat:x' to 'feat: x'\n")
    #expect(try hive.type("git log -1 --format=%s") == "feat: x\n")
    #expect(try commit("git commit -q --allow-empty -m 'fixup! feat: x'").status == 0)
  }

  @Test("A skip holds for one commit, and is recorded until the branch is pushed")
  func skip() throws {
    let hive = try ArmedHive()
    try hive.type("preflight skip message.type --why 'the old log'")
    let first = try hive.outcome(of: "git commit -q --allow-empty -m 'feet: x'")
    #expect(
      first
        == CommandOutcome(
          status: 0, standardOutput: "",
          standardError: "preflight: passed over message.type (preflight doctor lists it)\n"))
    #expect(try hive.outcome(of: "git commit -q --allow-empty -m 'feet: y'").status == 1)
    let doctor = try hive.outcome(of: "preflight doctor")
    #expect(doctor.status == 0, "\(doctor)")
    #expect(doctor.standardOutput.contains("passed over on 'one': message.type (the old log)"), "\(doctor)")
    let push = try hive.outcome(of: "git push -q origin one")
    #expect(push.findings(of: "message.type").count == 1, "\(push)")
    try hive.type(try #require(push.hints.last))
    try hive.type("git push -q origin one")
    #expect(try !hive.type("preflight doctor").contains("passed over"))
  }

  @Test("PREFLIGHT_SKIP and --no-verify pass a commit, and its push is judged all the same")
  func bypasses() throws {
    let hive = try ArmedHive()
    let skipped = try hive.outcome(of: "PREFLIGHT_SKIP=message git commit -q --allow-empty -m 'feet: x'")
    #expect(skipped.status == 0, "\(skipped)")
    try hive.type("git commit -q --allow-empty --no-verify -m 'foot: y'")
    let push = try hive.outcome(of: "git push -q origin one")
    #expect(push.status == 1 && push.findings(of: "message.type").count == 2, "\(push)")
    #expect(try hive.type("preflight doctor").contains("message.type (PREFLIGHT_SKIP)"))
  }
}
