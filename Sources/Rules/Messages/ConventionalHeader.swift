/// The first line of a conventional commit, taken apart: `type(scope)!: description`.
///
/// The grammar of conventionalcommits.org v1.0.0, read strictly: the colon follows at once and a space follows it. What
/// it leaves open is free: a type is any word, a scope any text without parentheses. Blanks before the header and more
/// than one before the description are passed over.
public struct ConventionalHeader: Hashable, Sendable {
  /// All ranges are into the slice that was parsed.
  public let type: Range<Int>
  /// Without blanks at its ends; `nil` where there are no parentheses.
  public let scope: Range<Int>?
  /// Whether there is a `!`.
  public let isBreaking: Bool
  public let description: Range<Int>

  public init(_ header: ArraySlice<UInt8>) throws(HeaderFault) {
    var scanner = HeaderScanner(header)
    scanner.skipBlanks()
    type = scanner.word()
    guard !type.isEmpty else {
      throw HeaderFault(scanner.isAtEnd ? .emptyHeader : .missingType, at: scanner.position)
    }
    if scanner.next == .leftParenthesis {
      scope = try scanner.scope()
    } else {
      scope = nil
    }
    isBreaking = scanner.skip(.exclamationMark)
    guard scanner.skip(.colon) else { throw scanner.faultInsteadOfColon(hasScope: scope != nil, hasMark: isBreaking) }
    let afterColon = scanner.position
    scanner.skipBlanks()
    guard !scanner.isAtEnd else { throw HeaderFault(.emptyDescription, at: afterColon) }
    guard header[afterColon] == .space else {
      throw HeaderFault(header[afterColon] == .tab ? .tabAfterColon : .missingSpace, at: afterColon)
    }
    description = scanner.position..<header.endIndex
  }
}

/// Why a header is not a conventional one, and where.
public struct HeaderFault: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable, CaseIterable {
    case emptyHeader
    case missingType
    /// Something stands before what would be a header: an emoji, a ticket, a word.
    case textBeforeType
    case blankInHeader
    case emptyScope
    case nestedParentheses
    case unclosedScope
    case secondScope
    case strayParenthesis
    case markBeforeScope
    case secondMark
    case missingColon
    /// U+FF1A, as input methods write it.
    case fullWidthColon
    case missingSpace
    case tabAfterColon
    case emptyDescription
  }

  public var kind: Kind
  /// Index of the byte where it shows.
  public var position: Int

  init(_ kind: Kind, at position: Int) {
    self.kind = kind
    self.position = position
  }
}

/// Walks over a header byte by byte, never backwards.
struct HeaderScanner {
  let header: ArraySlice<UInt8>
  var position: Int

  init(_ header: ArraySlice<UInt8>, from start: Int? = nil) {
    self.header = header
    position = start ?? header.startIndex
  }

  var isAtEnd: Bool { position == header.endIndex }
  var next: UInt8? { isAtEnd ? nil : header[position] }

  mutating func skipBlanks() {
    while let byte = next, byte.isBlank { position += 1 }
  }

  /// Whether `byte` came next.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  /// Everything up to a blank or one of `():!`, also the full-width colon.
  mutating func word() -> Range<Int> {
    let start = position
    while let byte = next, !byte.endsWord, !isAtFullWidthColon { position += 1 }
    return start..<position
  }

  var isAtFullWidthColon: Bool { next == fullWidthColon[0] && header[position...].starts(with: fullWidthColon) }

  /// From the opening to the closing parenthesis.
  mutating func scope() throws(HeaderFault) -> Range<Int> {
    let opening = position
    position += 1
    let start = position
    while let byte = next, byte != .rightParenthesis {
      if byte == .leftParenthesis { throw HeaderFault(.nestedParentheses, at: position) }
      position += 1
    }
    guard !isAtEnd else { throw HeaderFault(.unclosedScope, at: opening) }
    let inner = header[start..<position].trimmed
    guard !inner.isEmpty else { throw HeaderFault(.emptyScope, at: opening) }
    position += 1
    return inner.startIndex..<inner.endIndex
  }

  /// What is wrong where a colon should be.
  func faultInsteadOfColon(hasScope: Bool, hasMark: Bool) -> HeaderFault {
    if isAtFullWidthColon { return HeaderFault(.fullWidthColon, at: position) }
    switch next {
    case .leftParenthesis where hasMark: return HeaderFault(.markBeforeScope, at: position - 1)
    case .leftParenthesis: return HeaderFault(.secondScope, at: position)
    case .rightParenthesis: return HeaderFault(.strayParenthesis, at: position)
    case .exclamationMark: return HeaderFault(.secondMark, at: position)
    case .space, .tab:
      var rest = self
      rest.skipBlanks()
      if rest.continuesHeader(hasScope: hasScope, hasMark: hasMark) { return HeaderFault(.blankInHeader, at: position) }
    default: break
    }
    return HeaderFault(.missingColon, at: position)
  }

  /// Whether `(scope)`, `!` and a colon, as far as they are still to come, come next with or without blanks.
  private func continuesHeader(hasScope: Bool, hasMark: Bool) -> Bool {
    var rest = self
    if !hasScope, rest.next == .leftParenthesis {
      guard (try? rest.scope()) != nil else { return false }
      rest.skipBlanks()
    }
    if !hasMark, rest.skip(.exclamationMark) { rest.skipBlanks() }
    return rest.next == .colon
  }
}

/// "：" in UTF-8.
let fullWidthColon: [UInt8] = [0xEF, 0xBC, 0x9A]

extension UInt8 {
  fileprivate var endsWord: Bool {
    isBlank || self == .colon || self == .exclamationMark || self == .leftParenthesis || self == .rightParenthesis
  }
}
