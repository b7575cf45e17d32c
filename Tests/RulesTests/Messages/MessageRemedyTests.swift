import Git
import Plan
import Platform
import Testing

@testable import Rules

@Suite struct ShellQuotingTests {
  @Test(
    "A quoted word comes out of a shell as it went in",
    arguments: [
      "", "plain", "a b", "it's", "''", "$HOME `id` \"x\" \\", "-n", "a\nb", "é*?[x]", "feat(a)!: x; rm -rf /", "~",
    ])
  func roundTrip(word: String) throws {
    #expect(text(try SealedGit().shell("printf '%s' \(shellQuoted(word))")) == word)
  }

  @Test("A word that means nothing to a shell needs no quotes")
  func plain() {
    #expect(shellQuoted(".git/COMMIT_EDITMSG") == ".git/COMMIT_EDITMSG")
    #expect(shellQuoted("~/x") == "'~/x'")
  }
}

/// Every hint is pasted, after which the message passes.
@Suite struct MessageRemedyTests {
  private let policy = Plan.CommitPolicy()
  private let settings = RuleSettings()

  private func findings(_ raw: [UInt8], _ context: MessageContext) -> [Finding] {
    messageFindings(for: CommitMessage(raw), policy: policy, settings: settings, context: context)
  }

  /// What commit-msg would say to `raw`, after it has kept the message.
  private func refusal(_ raw: String, in git: SealedGit) throws -> String {
    let kept = git.directory / ".git" / "it's kept"
    var context = MessageContext(.writing)
    context.remedy = .commitAgain(command: "git commit --allow-empty", file: kept.description)
    try kept.write(messageToKeep(CommitMessage(raw.bytes), policy: policy, settings: settings, context: context))
    let found = findings(raw.bytes, context)
    #expect(Set(found.map(\.message.hint)).count == 1)
    return try #require(found.first?.message.hint)
  }

  @Test(
    "A refused message is committed as corrected when its hint is pasted",
    arguments: [
      ("feet: it's x", "feat: it's x\n"), ("fix add $HOME `id`", "fix: add $HOME `id`\n"),
      ("feat:x\nbody 'quoted'\n\n# 1", "feat: x\n\nbody 'quoted'\n\n# 1\n"), ("feat: x\nbody", "feat: x\n\nbody\n"),
      ("[A-1] fix(b)!: c", "fix(b)!: [A-1] c\n"), ("feat:\u{7}x", "feat: \u{7}x\n"),
    ])
  func corrected(raw: String, stored: String) throws {
    let git = try SealedGit()
    try git.shell(try refusal(raw, in: git))
    #expect(text(try git.message()) == stored)
    #expect(findings(try git.message(), MessageContext(.written)).isEmpty)
  }

  @Test("A message that nobody but its author can correct is opened in the editor with all of its text")
  func edited() throws {
    let git = try SealedGit()
    git.environment["GIT_EDITOR"] = "sed -i 's/^Something/feat: something/'"
    let hint = try refusal("Something\n\nbody", in: git)
    #expect(hint.contains("--edit"))
    try git.shell(hint)
    #expect(text(try git.message()) == "feat: something\n\nbody\n")
  }

  @Test("The command that was refused is the one that is offered")
  func command() throws {
    var context = MessageContext(.writing)
    context.remedy = .commitAgain(command: "git commit --amend", file: "/tmp/m")
    #expect(findings("feet: x".bytes, context).map(\.message.hint) == ["git commit --amend -m 'feat: x'"])
    #expect(findings("x".bytes, context).map(\.message.hint) == ["git commit --amend --edit --file=/tmp/m"])
  }

  @Test(
    "The tip of a branch is reworded by its hint, with its author, date and body, and nothing staged",
    arguments: ["", "\n\nbody\nmore"])
  func amended(body: String) throws {
    let git = try SealedGit()
    try git.git("commit", "--quiet", "--allow-empty", "--message=feat: base")
    try git.git("commit", "--quiet", "--allow-empty", "--author=B <b@example.org>", "--message=feat:it's x\(body)")
    try (git.directory / "staged").write("1".bytes)
    try git.git("add", "staged")
    var context = MessageContext(.written)
    context.remedy = .amend
    try git.shell(try #require(findings(try git.message(), context).first?.message.hint))
    #expect(text(try git.message()) == "feat: it's x\(body)\n")
    #expect(text(try git.git("log", "-1", "--format=%an %P")) == "B \(text(try git.git("rev-parse", "HEAD~")))")
    #expect(text(try git.git("diff", "--cached", "--name-only")) == "staged\n")
  }

  @Test(
    "A commit further down is reworded by its hint, and those above it stay", arguments: ["", "\n\nbody\nmore"],
    [false, true])
  func rebased(body: String, isRoot: Bool) throws {
    let git = try SealedGit()
    if !isRoot { try git.git("commit", "--quiet", "--allow-empty", "--message=feat: base") }
    for (name, message) in [("b", "feat:it's x\(body)"), ("c", "feat: above")] {
      try (git.directory / name).write(name.bytes)
      try git.git("add", "\(name)")
      try git.git("commit", "--quiet", "--author=B <b@example.org>", "--message=\(message)")
    }
    let commit = try #require(
      ObjectID(hex: text(try git.git("rev-parse", "HEAD~")).split(separator: "\n")[0].description))
    var context = MessageContext(.written)
    context.remedy = .rebase(commit, isRoot: isRoot)
    try git.shell(try #require(findings(try git.message(of: "HEAD~"), context).first?.message.hint))
    #expect(text(try git.message(of: "HEAD~")) == "feat: it's x\(body)\n")
    #expect(text(try git.git("log", "--format=%an %s")).hasPrefix("B feat: above\nB feat: it's x\n"))
    #expect(text(try git.git("ls-files")) == "b\nc\n")
  }

  @Test("Blank lines above a header that was committed verbatim go with it")
  func amendedVerbatim() throws {
    let git = try SealedGit()
    try git.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message=\n\nfeat:x\n\nbody")
    var context = MessageContext(.written)
    context.remedy = .amend
    try git.shell(try #require(findings(try git.message(), context).first?.message.hint))
    #expect(text(try git.message()) == "feat: x\n\nbody\n")
  }

  @Test("The issue of the stream is added to the tip by its hint")
  func issue() throws {
    let git = try SealedGit()
    try git.git("commit", "--quiet", "--allow-empty", "--message=feat: x")
    var context = MessageContext(.written)
    context.issues = ["MUS-1"]
    context.remedy = .amend
    try git.shell(try #require(findings(try git.message(), context).first?.message.hint))
    #expect(text(try git.message()) == "feat: x\n\nRefs: MUS-1\n")
    #expect(findings(try git.message(), context).isEmpty)
  }

  @Test("A fixup is squashed by its hint")
  func squashed() throws {
    let git = try SealedGit()
    for message in ["feat: base", "feat: x", "fixup! feat: x"] {
      try (git.directory / "a").append(message.bytes)
      try git.git("add", "a")
      try git.git("commit", "--quiet", "--message=\(message)")
      if message == "feat: base" { try git.git("branch", "upstream") }
    }
    var context = MessageContext(.written)
    context.isForTrunk = true
    context.upstream = "upstream"
    try git.shell(try #require(findings(try git.message(), context).first?.message.hint))
    #expect(text(try git.git("log", "--format=%s")) == "feat: x\nfeat: base\n")
  }
}
