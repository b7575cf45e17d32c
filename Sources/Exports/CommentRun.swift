/// A line of comment.
struct CommentLine {
  /// With indentation and line end.
  var range: Range<Int>
  /// Where its comment sign stands, for a line that is one line comment; else `nil`.
  var comment: Int?
}

/// Lines of comment without a blank line between, and the stubs among them.
struct CommentRun {
  struct Part {
    var content: Barrel.Item.Content
    var end: Int
    var trailingComment: Range<Int>?
  }

  let lines: [CommentLine]
  let bytes: [UInt8]
  let grammar: Grammar

  /// In order. Each line is read once: a stub is looked for from each line that begins as a statement does up to the next such
  /// line.
  var parts: [Part] {
    var parts: [Part] = []
    var first = 0
    while first < lines.count {
      let end = endOfSegment(from: first)
      if begins(at: first), let (part, count) = stub(in: first..<end) {
        parts.append(part)
        first += count
      } else {
        appendComment(to: lines[end - 1].range.upperBound, &parts)
        first = end
      }
    }
    return parts
  }

  private func appendComment(to end: Int, _ parts: inout [Part]) {
    if let last = parts.indices.last, parts[last].content == .comment {
      parts[last].end = end
    } else {
      parts.append(Part(content: .comment, end: end))
    }
  }

  private func endOfSegment(from first: Int) -> Int {
    var end = first + 1
    while end < lines.count, !begins(at: end) || isAttribute(at: end - 1) && begins(at: first) { end += 1 }
    return end
  }

  /// The first word behind the comment sign, or the one mark that stands there.
  private func start(at index: Int) -> ArraySlice<UInt8> {
    guard let comment = lines[index].comment else { return [] }
    let text = bytes[(comment + grammar.lineComment.count)..<lines[index].range.upperBound].drop { $0.isBlank }
    let word = text.prefix { $0.isWord }
    return word.isEmpty ? text.prefix(1) : word
  }

  private func begins(at index: Int) -> Bool { grammar.starts.contains(Array(start(at: index))) }

  /// Rust's attributes and Swift's stand above what they belong to.
  private func isAttribute(at index: Int) -> Bool {
    let start = start(at: index)
    return start.elementsEqual("#".utf8) || start.elementsEqual("@".utf8) && !containsImport(at: index)
  }

  private func containsImport(at index: Int) -> Bool {
    bytes[lines[index].range].split { !$0.isWord }.contains { $0.elementsEqual("import".utf8) }
  }

  /// The stub that begins with the segment's first line, and how many lines it has.
  private func stub(in segment: Range<Int>) -> (Part, Int)? {
    guard let text = Uncommented(lines[segment], bytes, sign: grammar.lineComment) else { return nil }
    if grammar.startsInFirstColumn, text.bytes.first?.isBlank == true { return nil }
    let tokens = Lexer.tokens(of: text.bytes, grammar)
    var cursor = TokenCursor(bytes: text.bytes, tokens: tokens, index: 0)
    guard let statement = grammar.read(&cursor),
      let end = StatementEnd(after: cursor, allowsMore: false)
    else { return nil }
    let length = end.index < tokens.count ? tokens[end.index].range.upperBound : text.bytes.count
    let count = text.ends.prefix { $0 < length }.count + 1
    let last = segment.lowerBound + count - 1
    let trailing = end.trailingComment.map { range in
      let distance = lines[last].range.upperBound - length
      return range.lowerBound + distance..<range.upperBound + distance
    }
    let stub = Stub(
      statement: statement, uncommented: Array(text.bytes[..<length]), prefix: text.prefix,
      trailingComment: end.trailingComment?.lowerBound)
    return (Part(content: .stub(stub), end: lines[last].range.upperBound, trailingComment: trailing), count)
  }
}

/// Comment lines without their comment sign.
struct Uncommented {
  private(set) var bytes: [UInt8] = []
  /// Where each line ends in `bytes`.
  private(set) var ends: [Int] = []
  /// The sign and the blanks behind it, on the first line.
  let prefix: [UInt8]

  /// The longest run of lines from the first that are line comments; `nil` where the first is none.
  init?(_ lines: ArraySlice<CommentLine>, _ source: [UInt8], sign: [UInt8]) {
    guard let first = lines.first, let comment = first.comment else { return nil }
    let gap = source[(comment + sign.count)..<first.range.upperBound].prefix { $0 == 0x20 || $0 == 0x09 }
    prefix = sign + gap
    for line in lines {
      guard let comment = line.comment else { break }
      let text = source[(comment + sign.count)..<line.range.upperBound]
      bytes += source[line.range.lowerBound..<comment]
      bytes += text.dropFirst(zip(text, gap).prefix { $0 == $1 }.count)
      ends.append(bytes.count)
    }
  }
}
