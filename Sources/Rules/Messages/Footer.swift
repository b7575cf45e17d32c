import Git

/// One `token: value` of the block that ends a message; see git-interpret-trailers(1).
///
/// Besides git's trailers, what conventional-commits v1.0.0 adds: `BREAKING CHANGE: …` and `token #…`; and as hosts read
/// it, `Closes ABC-1`.
struct Footer: Hashable, Sendable {
  let token: Range<Int>
  /// The first line of the value.
  let value: Range<Int>

  /// `nil` where the line does not begin a footer.
  init?(_ line: ArraySlice<UInt8>) {
    var end = line.startIndex
    if line.starts(with: "BREAKING CHANGE") {
      end += 15
    } else {
      while end < line.endIndex, line[end].isASCIIAlphanumeric || line[end] == UInt8(ascii: "-") { end += 1 }
    }
    guard end > line.startIndex else { return nil }
    let rest = line[end...]
    let afterBlanks = rest.drop { $0.isBlank }
    if afterBlanks.first == .colon {
      value = (afterBlanks.startIndex + 1)..<line.endIndex
    } else if rest.starts(with: " #") || rest.first == .space && line[..<end].isReferenceToken {
      value = (end + 1)..<line.endIndex
    } else {
      return nil
    }
    token = line.startIndex..<end
  }
}

extension ArraySlice<UInt8> {
  /// Whether a footer with this token says what the commit is for.
  var isReferenceToken: Bool { referenceTokens.contains { equalsIgnoringCase($0.utf8) } }
}

private let finishingTokens = [
  "close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved", "ref", "refs",
]

private let referenceTokens = [
  "close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved", "ref", "refs",
  "references", "issue", "issues", "see", "part-of", "relates-to", "implements",
]

extension CommitMessage {
  /// The lines of the footers, in order; a value that goes on for several lines is several of them.
  ///
  /// git's rule (trailer.c): the last paragraph, unless it is the first, where all lines are footers, or where one is
  /// git's own (`Signed-off-by`, a cherry-pick's note) and at least a quarter of the lines are footers.
  var footerLines: [Range<Int>] {
    var paragraph: [Range<Int>] = []
    var hasBlankLine = false
    for range in bodyLines {
      if range.isEmpty {
        hasBlankLine = true
        paragraph = []
      } else {
        paragraph.append(range)
      }
    }
    guard hasBlankLine else { return [] }
    var footers = 0
    var others = 0
    var isGits = false
    for range in paragraph {
      let line = bytes[range]
      if line.starts(with: "Signed-off-by: ") || line.starts(with: "(cherry picked from commit ") {
        isGits = true
        footers += 1
      } else if Footer(line) != nil {
        footers += 1
      } else if !(line[line.startIndex].isBlank && footers + others > 0) {
        others += 1
      }
    }
    return others == 0 && footers > 0 || isGits && footers * 3 >= others ? paragraph : []
  }

  /// Whether the subject or a footer that says what the commit is for names the issue, as a word and in any case.
  public func names(issue: String) -> Bool {
    let issue = Array(issue.utf8)
    if issue.isEmpty { return false }
    return issueLines.contains { bytes[$0].containsWord(issue) }
  }

  /// The issues with one of `prefixes` that the subject and those footers name, in order, each once.
  public func namedIssues(prefixes: [String]) -> [String] {
    var found: [String] = []
    for line in issueLines {
      for prefix in prefixes {
        for issue in bytes[line].issues(prefix: Array((prefix + "-").utf8)) {
          let name = shown(issue)
          if !found.contains(name) { found.append(name) }
        }
      }
    }
    return found
  }

  /// Whether the message says `This reverts commit …`, as git revert writes it.
  public var saysItReverts: Bool {
    bodyLines.contains { bytes[$0].starts(with: "This reverts commit ") }
  }

  /// The commit that the message says it reverts.
  public var revertedCommit: ObjectID? {
    let words = "This reverts commit "
    guard let line = bodyLines.first(where: { bytes[$0].starts(with: words.utf8) }) else { return nil }
    return ObjectID(hex: bytes[line].dropFirst(words.utf8.count).prefix { $0.isASCIIAlphanumeric })
  }

  /// The type of a conventional header, in lower case; `nil` for any other.
  public var type: String? {
    (try? ConventionalHeader(header)).map { shown(header[$0.type]).lowercased() }
  }

  /// The same for work that is finished by the commit: `Closes`, `Fixes`, `Resolves` and `Refs` count, "see" does not.
  public func finishes(issue: String) -> Bool {
    let issue = Array(issue.utf8)
    if issue.isEmpty { return false }
    return issueLines(of: finishingTokens).contains { bytes[$0].containsWord(issue) }
  }

  private var issueLines: [Range<Int>] { issueLines(of: referenceTokens) }

  private func issueLines(of tokens: [String]) -> [Range<Int>] {
    var counts = false
    let footers = footerLines.filter { range in
      if let footer = Footer(bytes[range]) {
        counts = tokens.contains { bytes[footer.token].equalsIgnoringCase($0.utf8) }
      }
      return counts
    }
    return [0..<header.endIndex] + footers
  }
}

extension ArraySlice<UInt8> {
  fileprivate func containsWord(_ word: [UInt8]) -> Bool {
    indices.contains { start in
      self[start...].startsIgnoringCase(with: word) && isWordBoundary(start) && isWordBoundary(start + word.count)
    }
  }

  fileprivate func issues(prefix: [UInt8]) -> [ArraySlice<UInt8>] {
    indices.compactMap { start in
      guard self[start...].startsIgnoringCase(with: prefix), isWordBoundary(start) else { return nil }
      let digits = self[(start + prefix.count)...].prefix { $0.isASCIIDigit }
      return digits.isEmpty || !isWordBoundary(digits.endIndex) ? nil : self[start..<digits.endIndex]
    }
  }

  /// Whether no word goes on across `position`.
  private func isWordBoundary(_ position: Int) -> Bool {
    guard position > startIndex, position < endIndex else { return true }
    return !(self[position - 1].isWordByte && self[position].isWordByte)
  }
}

extension UInt8 {
  fileprivate var isWordByte: Bool { isASCIIAlphanumeric || self == UInt8(ascii: "_") || self >= 0x80 }
}
