import Plan

/// The file of a message with what has one reading put right: its header line, and a blank line below that.
/// All other bytes are as they were.
public struct MessageMend: Hashable, Sendable {
  public private(set) var file: [UInt8]
  /// What was done, a sentence each: `mended 'Feat:x' to 'feat: x'`.
  public private(set) var changes: [String] = []

  /// `nil` where there is nothing to mend, or the plan does not want it.
  public init?(
    file: [UInt8], cleanup: MessageCleanup, encoding: [UInt8]? = nil, policy: Plan.CommitPolicy,
    settings: RuleSettings, context: MessageContext
  ) {
    let stored = cleanup.stored(file)
    let message = CommitMessage(stored.bytes, encoding: encoding)
    guard policy.fixes, !message.header.isEmpty, MessageExemption(message, context: context) == nil else { return nil }
    self.file = file
    guard let line = HeaderLine(stored.fileLines[message.skippedLines], in: file) else { return nil }

    if RuleTable.severity(of: "message.blank-line", in: settings) != nil, !message.hasBlankLineAfterHeader {
      self.file.insert(contentsOf: line.ending, at: line.end)
      changes.append("put a blank line below the header")
    }
    if RuleTable.severity(of: "message.grammar", in: settings) != nil,
      let correction = HeaderCorrection(of: message.header, policy: policy), correction.isCertain,
      correction.header != Array(file[line.text])
    {
      self.file.replaceSubrange(line.text, with: correction.header)
      let old = message.header
      changes.insert(
        old.elementsEqual(correction.header)
          ? "removed the byte order mark" : "mended '\(message.shown(old))' to '\(message.shown(correction.header))'",
        at: 0)
    }
    guard !changes.isEmpty, hasHeader(inLine: line.number, cleanup: cleanup) else { return nil }
  }

  /// Whether git still takes that line for the header: not where a comment begins with the new first letter.
  private func hasHeader(inLine number: Int, cleanup: MessageCleanup) -> Bool {
    let stored = cleanup.stored(file)
    let message = CommitMessage(stored.bytes)
    return !message.header.isEmpty && stored.fileLines[message.skippedLines] == number
  }
}

/// Where a header is in its file.
private struct HeaderLine {
  let number: Int
  /// Without white space at its end; with a byte order mark.
  let text: Range<Int>
  /// Behind its line end.
  let end: Int
  /// The bytes that end it.
  let ending: [UInt8]

  /// `nil` where the file has no such line.
  init?(_ number: Int, in file: [UInt8]) {
    var left = number
    guard
      let range = LineRanges(file).first(where: { _ in
        left -= 1; return left == 0
      })
    else { return nil }
    self.number = number
    let trimmed = file[range].trimmedAtEnd
    text = range.lowerBound..<trimmed.endIndex
    end = min(range.upperBound + 1, file.count)
    let endsInReturn = file[range].last == .carriageReturn
    ending = endsInReturn ? [.carriageReturn, .lineFeed] : [.lineFeed]
  }
}
