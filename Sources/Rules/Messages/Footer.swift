import Git

/// One `token: value` of the block that ends a message; see git-interpret-trailers(1).
///
/// Besides git's trailers, what conventional-commits v1.0.0 adds: `BREAKING CHANGE: …` and `token #…`; and as hosts read
/// it, `Closes ABC-1`.
struct Footer: Hashable, Sendable {
  let token: Range<Int>

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
    let isReference = rest.first?.isBlank == true && afterBlanks.beginsWithNumberedWord && line[..<end].isReferenceToken
    guard afterBlanks.first == .colon || rest.starts(with: " #") || isReference else { return nil }
    token = line.startIndex..<end
  }
}

extension ArraySlice<UInt8> {
  /// Whether a footer with this token says that the commit is the work on an issue.
  fileprivate var isReferenceToken: Bool { referenceTokens.contains { equalsIgnoringCase($0.utf8) } }

  /// `ABC-1 …` or `12 …`, in contrast to prose: "Fixes the parser".
  fileprivate var beginsWithNumberedWord: Bool { prefix { !$0.isBlank }.contains { $0.isASCIIDigit } }
}

private let referenceTokens = [
  "close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved", "ref", "refs",
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

  /// Whether the subject or a footer names the issue, as a word and in any case.
  public func names(issue: String) -> Bool { names(issue, in: [header.indices] + footerLines) }

  /// Whether the commit says that it is the work on the issue: in its subject or in a `Closes`, `Fixes`, `Resolves` or
  /// `Refs` footer.
  public func claims(issue: String) -> Bool {
    var counts = false
    let references = footerLines.filter { line in
      if let footer = Footer(bytes[line]) { counts = bytes[footer.token].isReferenceToken }
      return counts
    }
    return names(issue, in: [header.indices] + references)
  }

  /// The issues with one of `prefixes` that the subject and the footers name, in order, each once.
  public func namedIssues(prefixes: [String]) -> [String] {
    var found: [String] = []
    for line in [header.indices] + footerLines {
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

  private func names(_ issue: String, in lines: [Range<Int>]) -> Bool {
    let issue = Array(issue.utf8)
    return !issue.isEmpty && lines.contains { bytes[$0].containsWord(issue) }
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
