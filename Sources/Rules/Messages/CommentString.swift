/// What begins a comment line in a message's file: `core.commentString`, of which `core.commentChar` is the older name.
public enum CommentString: Hashable, Sendable {
  case fixed([UInt8])
  /// git chose a character that begins no line of the message, before the editor was opened.
  case auto

  /// As configured; what git refuses (nothing, a line feed) counts as its default.
  public init(configured value: [UInt8]?) {
    guard let value, !value.isEmpty, !value.contains(.lineFeed) else {
      self = .fixed([UInt8(ascii: "#")])
      return
    }
    // "auto" in any case: builtin/commit.c reads it with strcasecmp(3).
    self = value.equalsIgnoringCase("auto".utf8) ? .auto : .fixed(value)
  }

  /// The bytes in use in `file`.
  func bytes(in file: [UInt8], hasEditor: Bool) -> [UInt8] {
    switch self {
    case .fixed(let bytes): bytes
    case .auto: [(hasEditor ? characterInTemplate(of: file) : nil) ?? unusedCharacter(in: file)]
    }
  }
}

/// The line from which on git throws everything away, without the comment string and its blank; wt-status.c.
let scissors: StaticString = "------------------------ >8 ------------------------"

/// In git's order of preference; builtin/commit.c, `adjust_comment_line_char`.
private let candidates = Array("#;@!$%^&|:".utf8)

/// The character with which git commented out what it added to the message: its scissors line, or the advice that it
/// puts below the message. The advice is translated, so it is known by its form: a line that begins with the character
/// and quotes it, else a block of comment lines that ends the file. The last such line counts: git's come last.
private func characterInTemplate(of file: [UInt8]) -> UInt8? {
  var telling: UInt8?
  var closing: (character: UInt8, lines: Int)?
  for range in LineRanges(file) {
    let line = file[range]
    guard let first = line.first, candidates.contains(first) else {
      if !line.trimmed.isEmpty { closing = nil }
      continue
    }
    let rest = line.dropFirst()
    if rest.first == .space {
      if rest.dropFirst().equals(scissors) || quotes(first, in: rest) { telling = first }
    } else if let next = rest.first, !next.isGitSpace {
      closing = nil
      continue
    }
    if let last = closing, last.character == first {
      closing = (first, last.lines + 1)
    } else {
      closing = (first, 1)
    }
  }
  if let telling { return telling }
  guard let closing, closing.lines > 1 else { return nil }
  return closing.character
}

private func quotes(_ character: UInt8, in line: ArraySlice<UInt8>) -> Bool {
  let quote = UInt8(ascii: "'")
  return line.indices.dropFirst().dropLast().contains {
    line[$0] == character && line[$0 - 1] == quote && line[$0 + 1] == quote
  }
}

/// `#` unless the text holds one anywhere, else the first candidate that begins no line.
///
/// git stops where every candidate begins a line; we then keep `#`.
private func unusedCharacter(in text: [UInt8]) -> UInt8 {
  guard text.contains(candidates[0]) else { return candidates[0] }
  var atLineStart = true
  var used: Set<UInt8> = []
  for byte in text {
    if atLineStart { used.insert(byte) }
    atLineStart = byte == .lineFeed || byte == .carriageReturn
  }
  return candidates.first { !used.contains($0) } ?? candidates[0]
}
