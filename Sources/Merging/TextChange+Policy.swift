import Exports

extension TextChange {
  /// Whether two changes of one file certainly merge without a conflict under `policy`, told from what they changed alone:
  /// `false` where only the merge itself can tell.
  ///
  /// Where lines merge, a barrel is in conflict only if the result says twice what neither side does. In a file in which each
  /// line can be read by itself, that takes a statement which both have added.
  public func clearlyMerges(with other: TextChange, policy: MergePolicy, path: [UInt8]) -> Bool {
    switch (meets(other), policy) {
    case (.same, _), (.apart, .text): return true
    case (.apart, .barrel):
      guard let language = Language(path: path), base.lines.standAlone(language), let ours = addedStatements(language),
        let theirs = other.addedStatements(language)
      else { return false }
      return ours.isDisjoint(with: theirs)
    default: return false
    }
  }

  /// What the lines that came in say; `nil` where they are not a statement, stub or blank line each, or a comment that cannot be
  /// part of any.
  private func addedStatements(_ language: Language) -> Set<ExportStatement.Identity>? {
    let added = Lines.joined((hunks ?? []).map { lines[$0.new] })
    guard Lines(added).standAlone(language) else { return nil }
    let barrel = Barrel(added, language: language)
    var statements: Set<ExportStatement.Identity> = []
    for item in barrel.items {
      let bytes = barrel.bytes(of: item)
      guard bytes.last == UInt8(ascii: "\n") || bytes.endIndex == added.count else { return nil }
      if let statement = item.statement {
        guard item.lines.count == 1 else { return nil }
        statements.insert(statement.identity)
      } else if item.content == .comment {
        // With what stands above or below it, it may be a stub; TypeScript's end in a string.
        guard language == .typeScript, bytes.allSatisfy({ $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") }) else {
          return nil
        }
      } else if item.content != .blank {
        return nil
      }
    }
    return statements
  }
}

extension Lines {
  /// Whether no bracket, string or comment goes from one line on to the next.
  fileprivate func standAlone(_ language: Language) -> Bool {
    let comment = Array((language == .python ? "#" : "//").utf8)
    return (0..<count).allSatisfy { index in
      let line = self[index]
      let isComment = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.starts(with: comment)
      return Self.standsAlone(line, isComment: isComment)
    }
  }

  /// A stub may go over several lines of comment: their brackets count, their quotes do not.
  private static func standsAlone(_ line: ArraySlice<UInt8>, isComment: Bool) -> Bool {
    var open = 0
    var quotes = 0
    var previous = UInt8(ascii: " ")
    for byte in line {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): open -= 1
      case _ where isComment: break
      case UInt8(ascii: "`"), UInt8(ascii: "\\"): return false
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if previous == byte { return false }  // an empty string, or the start of a long one
        quotes += 1
      case UInt8(ascii: "*") where previous == UInt8(ascii: "/"), UInt8(ascii: "/") where previous == UInt8(ascii: "*"):
        return false
      default: break
      }
      if open < 0 { return false }
      previous = byte
    }
    return open == 0 && quotes % 2 == 0
  }
}
