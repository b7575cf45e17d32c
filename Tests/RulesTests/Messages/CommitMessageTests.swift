import Testing

@testable import Rules

@Suite struct CommitMessageTests {
  @Test(
    "Line ends, white space at the ends of lines and blank lines around the message do not count",
    arguments: [
      "feat: x\n\nbody", "feat: x\n\nbody\n", "feat: x\r\n\r\nbody\r\n", "\n \n\r\nfeat: x \t\n\t\nbody  \n\n \n",
      "\u{FEFF}feat: x\n\nbody\n", "feat: x\r\n\nbody\n",
    ])
  func prepared(raw: String) {
    let message = CommitMessage(raw.bytes)
    #expect(text(message.bytes) == "feat: x\n\nbody")
    #expect(text(message.header) == "feat: x")
    #expect(message.hasBlankLineAfterHeader)
  }

  @Test("A message without a word is empty", arguments: ["", "\n", " \r\n\t\n", "\u{FEFF}"])
  func empty(raw: String) {
    let message = CommitMessage(raw.bytes)
    #expect(message.bytes.isEmpty && message.header.isEmpty && message.hasBlankLineAfterHeader)
  }

  @Test("Blank lines before the header are counted")
  func skippedLines() {
    #expect(CommitMessage("\n\n feat: x".bytes).skippedLines == 2)
    #expect(CommitMessage("feat: x".bytes).skippedLines == 0)
  }

  @Test("ISO-8859-1 and Windows-1252 are decoded by their tables")
  func singleByteEncodings() {
    let bytes: [UInt8] = [0x63, 0x61, 0x66, 0xE9, 0x80, 0x9F]
    let latin = CommitMessage(bytes, encoding: "ISO-8859-1".bytes)
    #expect(latin.isDecodable && latin.shown(latin.bytes) == "café\u{80}\u{9F}")
    let windows = CommitMessage(bytes, encoding: "windows-1252".bytes)
    #expect(windows.isDecodable && windows.shown(windows.bytes) == "café€Ÿ")
    #expect(!CommitMessage([0x81], encoding: "CP1252".bytes).isDecodable)
  }

  @Test("Names of encodings are compared without case and punctuation")
  func encodingNames() {
    for name in ["UTF-8", "utf8", ""] { #expect(MessageEncoding(name: name.bytes) == .utf8) }
    for name in ["ISO-8859-1", "iso8859_1", "Latin1", "latin-1"] {
      #expect(MessageEncoding(name: name.bytes) == .latin1)
    }
    #expect(MessageEncoding(name: "Shift_JIS".bytes) == .unknown)
  }

  @Test("Bytes that the encoding does not explain are replaced and told of, never a crash")
  func undecodable() {
    let broken = CommitMessage("feat: caf".bytes + [0xE9, 0x20, 0x21])
    #expect(!broken.isDecodable && broken.shown(broken.header) == "feat: caf\u{FFFD} !")
    let unknown = CommitMessage("feat: ".bytes + [0x83, 0x65], encoding: "Shift_JIS".bytes)
    #expect(!unknown.isDecodable && unknown.shown(unknown.header) == "feat: \u{FFFD}e")
    #expect(CommitMessage("feat: x".bytes, encoding: "EBCDIC".bytes).isDecodable)
  }

  @Test("Lengths are code points, not bytes and not what is seen as one character")
  func lengths() {
    #expect(MessageEncoding.utf8.length(of: "né🇨🇭".bytes) == 4)
    #expect(MessageEncoding.latin1.length(of: [0xE9, 0xE8]) == 2)
    #expect(MessageEncoding.unknown.length(of: [0xE9, 0xE8]) == nil)
  }
}

@Suite struct FooterTests {
  private func footers(_ raw: String) -> [String] {
    let message = CommitMessage(raw.bytes)
    return message.footerLines.map { text(message.bytes[$0]) }
  }

  @Test("Footers are the last paragraph when all of its lines are footers")
  func lastParagraph() {
    #expect(
      footers("feat: x\n\nbody: text\nprose\n\nRefs: A-1\n more\nReviewed-by: Z\nBREAKING CHANGE: y\nFixes #1")
        == ["Refs: A-1", " more", "Reviewed-by: Z", "BREAKING CHANGE: y", "Fixes #1"])
  }

  @Test("One of git's own trailers makes footers of a paragraph that is a quarter trailers")
  func gitsOwn() {
    #expect(footers("feat: x\n\nprose\nSigned-off-by: A <a@example.org>").count == 2)
    #expect(footers("feat: x\n\na\nb\nc\nd\nSigned-off-by: A <a@example.org>").isEmpty)
    #expect(footers("feat: x\n\nprose\nRefs: A-1").isEmpty)
  }

  @Test("Prose, the header and a paragraph that is not the last are no footers")
  func noFooters() {
    #expect(footers("feat: x\n\nplain prose").isEmpty)
    #expect(footers("feat: x\nRefs: A-1").isEmpty)
    #expect(footers("feat: x\n\nRefs: A-1\n\nprose goes on").isEmpty)
  }

  @Test(
    "git finds the same trailers",
    arguments: [
      "feat: x\n\nbody\n\nRefs: A-1\nReviewed-by: Z\n", "feat: x\n\nbody\nRefs: A-1\n",
      "feat: x\n\nRefs: A-1\n\nprose\n",
      "feat: x\n\nprose\nSigned-off-by: A <a@example.org>\n",
      "feat: x\n\na\nb\nc\nd\nSigned-off-by: A <a@example.org>\n",
      "feat: x\n\nRefs: A-1\n  more\n", "Refs: A-1\n",
    ])
  func likeGit(raw: String) throws {
    let git = try SealedGit()
    let parsed = try git.git("interpret-trailers", "--parse", "--no-divider", input: raw.bytes)
    #expect(text(parsed).isEmpty == footers(raw).isEmpty)
  }

  @Test("An issue is named in the subject or in a footer that says so, as a word and in any case")
  func namedIssues() {
    func names(_ raw: String) -> Bool { CommitMessage(raw.bytes).names(issue: "MUS-20") }
    #expect(names("feat(MUS-20): x"))
    #expect(names("feat: x (mus-20)"))
    #expect(names("feat: x\n\nbody\n\nRefs: MUS-19, MUS-20"))
    #expect(names("feat: x\n\nCloses MUS-20"))
    #expect(names("feat: x\n\nRefs: MUS-19,\n MUS-20"))
    #expect(!names("feat: MUS-201 and XMUS-20"))
    #expect(!names("feat: x\n\nthe body mentions MUS-20"))
    #expect(!names("feat: x\n\nFixes what MUS-20 is about"))
    #expect(names("feat: x\n\nPart-of: MUS-20"))
    #expect(
      CommitMessage("feat: MUS-3, mus-4\n\nRefs: MUS-3, ABC-1".bytes).namedIssues(prefixes: ["MUS"]) == [
        "MUS-3", "mus-4",
      ])
  }

  @Test("An issue is claimed in the subject or in a footer that closes or refers")
  func claimedIssues() {
    func claims(_ raw: String) -> Bool { CommitMessage(raw.bytes).claims(issue: "MUS-20") }
    for raw in [
      "feat: x (MUS-20)", "feat: x\n\nCloses: MUS-20", "feat: x\n\nfixes MUS-20", "feat: x\n\nRefs: MUS-1,\n MUS-20",
    ] { #expect(claims(raw), "\(raw)") }
    for raw in [
      "feat: x\n\nMUS-20 comes next", "feat: x\n\nfixes/MUS-20", "feat: x\n\nPart-of: MUS-20",
      "feat: x\n\nRefs: MUS-1\nBlocked-by: MUS-20",
      "feat: x\n\nRefs: MUS-20\n\nand more",
    ] { #expect(!claims(raw), "\(raw)") }
  }

  @Test("A revert is told by the sentence that git writes")
  func reverts() {
    #expect(CommitMessage("fix: x\n\nThis reverts commit 0123456789.".bytes).saysItReverts)
    #expect(!CommitMessage("fix: x\n\nbody: This reverts commit 1".bytes).saysItReverts)
  }
}
