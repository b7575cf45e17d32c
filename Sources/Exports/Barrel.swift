/// A file of exports, cut into items without losing a byte.
///
/// Any bytes make a barrel: what is no statement, stub, comment or blank line, and what is not understood, is `other`.
public struct Barrel: Hashable, Sendable {
  public let language: Language
  public let bytes: [UInt8]
  /// In order; each begins where the one before ends, the first at 0, the last ends with the file.
  public let items: [Item]

  /// A stretch of the file: whole lines with their line ends, unless several items share a line.
  public struct Item: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
      /// A live export statement.
      case statement(ExportStatement)
      /// A commented-out run of lines that is exactly one export statement once uncommented.
      case stub(Stub)
      /// Comments with no blank line and no stub between them.
      case comment
      /// A line of blanks.
      case blank
      /// A line of code, with the lines that its brackets, strings and templates carry it over.
      case other
    }

    public var content: Content
    /// In bytes.
    public var range: Range<Int>
    /// From 1; a line end belongs to the line that it ends.
    public var lines: ClosedRange<Int>
    /// The comments behind a statement or stub on its last line, in the file's bytes, with their `//`.
    public var trailingComment: Range<Int>?

    /// What is exported, or would be.
    public var statement: ExportStatement? {
      switch content {
      case .statement(let statement): statement
      case .stub(let stub): stub.statement
      case .comment, .blank, .other: nil
      }
    }

    public var liveStatement: ExportStatement? {
      if case .statement(let statement) = content { statement } else { nil }
    }

    public var stub: Stub? {
      if case .stub(let stub) = content { stub } else { nil }
    }
  }

  /// What a barrel knows of an export statement.
  public enum State: Hashable, Sendable {
    case absent
    case stub
    case live
  }

  public init(_ bytes: [UInt8], language: Language) {
    self.language = language
    self.bytes = bytes
    items = BarrelParser.items(of: bytes, language.grammar)
  }

  public func bytes(of item: Item) -> ArraySlice<UInt8> { bytes[item.range] }

  /// `live` where it is both.
  public func state(of identity: ExportStatement.Identity) -> State {
    var state = State.absent
    for item in items where item.statement?.identity == identity {
      if item.liveStatement != nil { return .live }
      state = .stub
    }
    return state
  }

  /// The comments directly above an item: they belong to it. They end at a blank line, a stub or code.
  public func leadingComments(of index: Int) -> Range<Int> {
    var first = index
    while first > 0, items[first - 1].content == .comment { first -= 1 }
    return first..<index
  }

  /// Line and column (code points) of an item's first byte that is not blank; both from 1.
  public func position(of item: Item) -> (line: Int, column: Int) {
    let text = bytes[item.range]
    let first = text.firstIndex { !$0.isBlank && $0 != .newline } ?? text.startIndex
    var lineStart = bytes[..<first].lastIndex(of: .newline).map { $0 + 1 } ?? 0
    if lineStart == 0, bytes.starts(with: Lexer.byteOrderMark) { lineStart = min(3, first) }
    let codePoints = bytes[lineStart..<first].count { $0 & 0xC0 != 0x80 }
    return (item.lines.lowerBound, codePoints + 1)
  }
}
