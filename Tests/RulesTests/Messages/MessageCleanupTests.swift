import Platform
import TestSupport
import Testing

@testable import Rules

@Suite struct MessageCleanupTests {
  private let cut = "------------------------ >8 ------------------------"

  private func stored(
    _ file: String, setting: String? = nil, comment: String? = nil, hasEditor: Bool = true, isVerbose: Bool? = nil
  ) -> String {
    text(
      MessageCleanup(setting: setting?.bytes, comment: comment?.bytes, hasEditor: hasEditor, isVerbose: isVerbose)
        .stored(file.bytes).bytes)
  }

  @Test("After an editor comments go, blank lines collapse and lines lose white space at their ends")
  func strip() {
    #expect(stored("\n\nfeat: x \t\r\n\n\n# note\n\nbody\n# more\n\n") == "feat: x\n\nbody\n")
  }

  @Test("Without an editor lines that look like comments stay")
  func noEditor() {
    #expect(stored("#12: x\n", hasEditor: false) == "#12: x\n")
    #expect(stored("#12: x\n", setting: "strip", hasEditor: false) == "")
  }

  @Test("Each stored line knows its line in the file")
  func fileLines() {
    let cleanup = MessageCleanup(setting: nil, comment: nil, hasEditor: true)
    let result = cleanup.stored("# first\n\nfeat: x\n# second\n\n\nbody\nmore\n".bytes)
    #expect(text(result.bytes) == "feat: x\n\nbody\nmore\n")
    #expect(result.fileLines == [3, 6, 7, 8])
  }

  @Test("The diff that 'commit -v' shows below the scissors is no part of the message")
  func scissors() {
    let file = "feat: x\n\nbody\n# \(cut)\n# Do not modify\ndiff --git a/a b/a\n+feat:x\n"
    #expect(stored(file) == "feat: x\n\nbody\n")
    #expect(stored(file, setting: "verbatim") == "feat: x\n\nbody\n")
    #expect(stored(file, setting: "scissors", hasEditor: false).contains("+feat:x"))
  }

  @Test("Scissors cut only where the line is exactly git's", arguments: ["#  ", "# x ", "; ", "#\t"])
  func falseScissors(prefix: String) {
    #expect(stored("feat: x\n\n\(prefix)\(cut)\nbody\n").contains("body"))
  }

  @Test("Scissors at the very start leave nothing; a last line without line feed is not cut at")
  func scissorsAtTheEnds() {
    #expect(stored("# \(cut)\nbody\n") == "")
    #expect(stored("feat: x\n\n# \(cut)", setting: "whitespace") == "feat: x\n\n# \(cut)\n")
  }

  @Test("In scissors mode comments above the cut stay")
  func scissorsModeKeepsComments() {
    #expect(stored("feat: x\n\n# kept\n# \(cut)\n# gone\n", setting: "scissors") == "feat: x\n\n# kept\n")
  }

  @Test("Verbatim keeps every byte", arguments: ["", "\n\n feat: x \r\n\n\n\n# c", "feat: x"])
  func verbatim(file: String) {
    #expect(stored(file, setting: "verbatim", hasEditor: false) == file)
  }

  @Test("A comment string may be several characters, and not ASCII")
  func longCommentString() {
    #expect(stored("feat: x\n\n//c\n// c\n/ kept\n", comment: "//") == "feat: x\n\n/ kept\n")
    #expect(stored("feat: x\n\n※ c\n# kept\n", comment: "※") == "feat: x\n\n# kept\n")
    #expect(stored("feat: x\n※ \(cut)\ndiff\n", comment: "※") == "feat: x\n")
  }

  @Test(
    "With commentChar=auto the character is read off what git added",
    arguments: [
      // English, a translation, a scissors line, a block at the end without the advice.
      "feat: x\n\n#1 is fixed\n\n; Please enter the commit message for your changes. Lines starting\n; with ';' will be ignored\n",
      "feat: x\n\n#1 is fixed\n\n; Zeilen, die mit ';' beginnen, werden ignoriert\n",
      "feat: x\n\n#1 is fixed\n; ------------------------ >8 ------------------------\ndiff\n",
      "feat: x\n\n#1 is fixed\n\n; On branch main\n;\n;\tnew file: a\n",
    ])
  func autoFromTemplate(file: String) {
    #expect(stored(file, comment: "auto") == "feat: x\n\n#1 is fixed\n")
  }

  @Test("With commentChar=auto and nothing of git's in the file, the character is the first that begins no line")
  func autoFromMessage() {
    #expect(
      stored("feat: x\n\n#1 y\n; z\n", setting: "strip", comment: "auto", hasEditor: false) == "feat: x\n\n#1 y\n; z\n")
    #expect(stored("feat: x #1\n\n; z\n", setting: "strip", comment: "Auto", hasEditor: false) == "feat: x #1\n\n; z\n")
  }

  @Test("What git refuses as a comment string counts as '#'", arguments: ["", "a\nb"])
  func invalidCommentString(comment: String) {
    #expect(stored("feat: x\n# c\n", comment: comment) == "feat: x\n")
  }

  @Test("A million lines are cleaned in a moment")
  func longBody() {
    let body = String(repeating: "x \n", count: 1_000_000)
    let duration = ContinuousClock().measure {
      let result = MessageCleanup(setting: nil, comment: nil, hasEditor: true).stored(("feat: x\n\n" + body).bytes)
      #expect(result.fileLines.count == 1_000_002)
      let message = CommitMessage(result.bytes)
      #expect(message.bytes.count == 9 + 2_000_000 - 1)
      #expect(
        messageFindings(for: message, policy: .init(), settings: .init(), context: MessageContext(.writing)).isEmpty)
    }
    #expect(duration < .seconds(20))
  }
}

/// The same messages through the real git.
@Suite struct MessageCleanupAgainstGitTests {
  /// Lines and fragments that cleaning looks at.
  private static let fragments = [
    "feat: x", "Feat:x ", "#", "# c", "#c", ";", "; c", "//", "// c", "@ z", " # indented", "", "", " ", "\t", "\r",
    "body\r", "a  ", "a\u{0B}", "é ", "# ------------------------ >8 ------------------------",
    "; ------------------------ >8 ------------------------", "#\u{0C}", "- item", "Signed-off-by: A <a@example.org>",
  ]

  private func randomFile(_ random: inout SeededGenerator) -> [UInt8] {
    let lines = (0..<Int.random(in: 0...9, using: &random)).map { _ in Self.fragments.randomElement(using: &random)! }
    return (lines.joined(separator: "\n") + (Bool.random(using: &random) ? "\n" : "")).bytes
  }

  @Test("A stripped message is what git stripspace prints", arguments: ["#", ";", "@"])
  func stripspace(comment: String) throws {
    let git = try SealedGit()
    try git.git("config", "core.commentChar", "\(comment)")
    var random = SeededGenerator.announced()
    for _ in 0..<60 {
      let file = randomFile(&random)
      for (flags, setting) in [(["--strip-comments"], "strip"), ([], "whitespace")] {
        let expected = try git.shell(
          "printf '%s' \(shellQuoted(text(file))) | git stripspace \(flags.joined(separator: " "))")
        let cleanup = MessageCleanup(
          setting: setting.bytes, comment: comment.bytes, hasEditor: true, isVerbose: false)
        #expect(text(cleanup.stored(file).bytes) == text(expected), "file: \(text(file).debugDescription)")
      }
    }
  }

  @Test(
    "What is predicted for a hook is what git commits",
    arguments: [nil, "default", "strip", "whitespace", "verbatim", "scissors"], [false, true])
  func commits(setting: String?, hasEditor: Bool) throws {
    let git = try SealedGit()
    if let setting { try git.git("config", "commit.cleanup", "\(setting)") }
    // commit-msg keeps what it was given, and what GIT_EDITOR it was given.
    try (git.directory / "hooks").createDirectories()
    try git.git("config", "core.hooksPath", "hooks")
    let hook = git.directory / "hooks" / "commit-msg"
    try hook.write("#!/bin/sh\ncp \"$1\" seen\nprintf %s \"$GIT_EDITOR\" >editor\n".bytes, permissions: 0o755)
    if hasEditor { git.environment["GIT_EDITOR"] = "sh -c 'cat draft \"$1\" >merged; cat merged >\"$1\"' -" }
    var random = SeededGenerator.announced()
    for number in 0..<20 {
      let comment = ["#", ";", "auto"].randomElement(using: &random)!
      try git.git("config", "core.commentChar", "\(comment)")
      let isVerbose = hasEditor && Bool.random(using: &random)
      let file = "feat: \(number)\n".bytes + randomFile(&random) + [.lineFeed]
      try (git.directory / "draft").write(file)
      let source = hasEditor ? "" : "--file=draft"
      try git.shell("git commit --quiet --allow-empty \(source) \(isVerbose ? "-v" : "")")

      let seen = try (git.directory / "seen").contents()
      let editor = try (git.directory / "editor").contents()
      #expect((text(editor) != ":") == hasEditor)
      let cleanup = MessageCleanup(
        setting: setting?.bytes, comment: comment.bytes, hasEditor: text(editor) != ":", isVerbose: isVerbose)
      let expected = try git.message()
      #expect(text(cleanup.stored(seen).bytes) == text(expected), "seen: \(text(seen).debugDescription)")
    }
  }

  @Test("A comment string of several characters is what git takes it for")
  func longCommentString() throws {
    let git = try SealedGit()
    let version = text(try git.git("version")).split { !$0.isNumber }.compactMap { Int($0) }
    guard version.count > 1, (version[0], version[1]) >= (2, 45) else { return }  // core.commentString is newer
    try git.git("config", "core.commentString", "//")
    var random = SeededGenerator.announced()
    for _ in 0..<60 {
      let file = randomFile(&random)
      let expected = try git.git("stripspace", "--strip-comments", input: file)
      let cleanup = MessageCleanup(setting: "strip".bytes, comment: "//".bytes, hasEditor: true, isVerbose: false)
      #expect(text(cleanup.stored(file).bytes) == text(expected), "file: \(text(file).debugDescription)")
    }
  }
}
