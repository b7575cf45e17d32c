extension Pattern {
  /// What makes a pattern unusable: it could never match, or it means something else elsewhere.
  public enum Fault: Error, Hashable, Sendable {
    case empty
    case absolute
    case emptyComponent
    /// `.` or `..`, which no path in a repository holds.
    case dotComponent
    case negated
    case unclosedSet
    case reversedRange
    case characterClass
    case unclosedAlternatives
    case unopenedAlternatives
    case tooManyAlternatives
    case trailingBackslash
  }

  /// How many patterns without braces one with braces may stand for.
  static let alternativesLimit = 128

  /// Why the pattern cannot be used, or `nil`.
  public var fault: Fault? {
    do throws(Fault) {
      _ = try alternatives()
      return nil
    } catch {
      return error
    }
  }

  /// One pattern without braces for every choice of its `{a,b}`; none where it has a fault.
  public var writtenOut: [Pattern] {
    var expansion = BraceExpansion(Array(text.utf8))
    guard fault == nil, let readings = try? expansion.all() else { return [] }
    return readings.map { Pattern(String(decoding: $0, as: UTF8.self)) }
  }

  /// The pattern's readings, one for every choice of its `{a,b}`.
  func alternatives() throws(Fault) -> [[CompiledPattern.Component]] {
    let bytes = Array(text.utf8)
    guard let first = bytes.first else { throw .empty }
    if first == UInt8(ascii: "!") { throw .negated }
    if first == .slash { throw .absolute }
    var expansion = BraceExpansion(bytes)
    var alternatives: [[CompiledPattern.Component]] = []
    for reading in try expansion.all() { alternatives.append(try Self.components(of: reading)) }
    return alternatives
  }

  private static func components(of bytes: [UInt8]) throws(Fault) -> [CompiledPattern.Component] {
    if bytes.isEmpty { throw .empty }
    var components: [CompiledPattern.Component] = []
    let parts = bytes.split(separator: .slash, omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      if part.isEmpty {
        guard isLast else { throw index == 0 ? .absolute : .emptyComponent }
        components += [.anyDepth, .wild([.star])]
      } else if part.elementsEqual("**".utf8) {
        if components.last != .anyDepth { components.append(.anyDepth) }
        if isLast { components.append(.wild([.star])) }
      } else {
        components.append(try component(part))
      }
    }
    return components
  }

  private static func component(_ bytes: ArraySlice<UInt8>) throws(Fault) -> CompiledPattern.Component {
    var tokens: [CompiledPattern.Token] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "*"): if tokens.last != .star { tokens.append(.star) }
      case UInt8(ascii: "?"): tokens.append(.set(.all))
      case UInt8(ascii: "["): tokens.append(.set(try set(&rest)))
      case .backslash:
        guard let next = rest.popFirst() else { throw .trailingBackslash }
        tokens.append(.byte(next))
      default: tokens.append(.byte(byte))
      }
    }
    let literal = tokens.compactMap(\.literal)
    guard literal.count == tokens.count else { return .wild(tokens) }
    if literal == Array(".".utf8) || literal == Array("..".utf8) { throw .dotComponent }
    return .literal(literal)
  }

  /// Reads a set, its `[` taken: a `]` in first place is a member, `^` means `!`.
  private static func set(_ rest: inout ArraySlice<UInt8>) throws(Fault) -> ByteSet {
    var set = ByteSet()
    let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
    if isNegated { rest.removeFirst() }
    var isFirst = true
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "]"), !isFirst { return isNegated ? set.inverted : set }
      isFirst = false
      if byte == UInt8(ascii: "["), rest.first == UInt8(ascii: ":") { throw .characterClass }
      let low = try member(byte, &rest)
      guard rest.first == UInt8(ascii: "-"), let after = rest.dropFirst().first, after != UInt8(ascii: "]") else {
        set.insert(low...low)
        continue
      }
      rest.removeFirst()
      let high = try member(rest.removeFirst(), &rest)
      guard low <= high else { throw .reversedRange }
      set.insert(low...high)
    }
    throw .unclosedSet
  }

  private static func member(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) throws(Fault) -> UInt8 {
    guard byte == .backslash else { return byte }
    guard let next = rest.popFirst() else { throw .unclosedSet }
    return next
  }
}

/// Writes out the choices of a pattern's braces; escapes and sets stay as they are.
private struct BraceExpansion {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func all() throws(Pattern.Fault) -> [[UInt8]] {
    let readings = try sequence()
    guard index == bytes.count else { throw .unopenedAlternatives }
    return readings
  }

  /// Up to the end, or within braces up to the `,` or `}` that ends the alternative.
  private mutating func sequence() throws(Pattern.Fault) -> [[UInt8]] {
    var readings: [[UInt8]] = [[]]
    while index < bytes.count {
      let start = index
      switch bytes[index] {
      case UInt8(ascii: "{"):
        let choices = try choices()
        guard readings.count * choices.count <= Pattern.alternativesLimit else { throw .tooManyAlternatives }
        readings = readings.flatMap { head in choices.map { head + $0 } }
        continue
      case UInt8(ascii: "}"): return readings
      case UInt8(ascii: ",") where depth > 0: return readings
      case .backslash: index += min(2, bytes.count - index)
      case UInt8(ascii: "["): skipSet()
      default: index += 1
      }
      for reading in readings.indices { readings[reading] += bytes[start..<index] }
    }
    return readings
  }

  private mutating func choices() throws(Pattern.Fault) -> [[UInt8]] {
    guard depth < 16 else { throw .tooManyAlternatives }
    depth += 1
    defer { depth -= 1 }
    var choices: [[UInt8]] = []
    repeat {
      index += 1
      choices += try sequence()
      guard choices.count <= Pattern.alternativesLimit else { throw .tooManyAlternatives }
      guard index < bytes.count else { throw .unclosedAlternatives }
    } while bytes[index] == UInt8(ascii: ",")
    index += 1
    return choices
  }

  /// Past the `]`; where there is none, past the `[`: the fault is found when the set is read.
  private mutating func skipSet() {
    var end = index + 1
    if end < bytes.count, bytes[end] == UInt8(ascii: "!") || bytes[end] == UInt8(ascii: "^") { end += 1 }
    let first = end
    while end < bytes.count, bytes[end] != .slash, bytes[end] != UInt8(ascii: "]") || end == first {
      end += bytes[end] == .backslash ? 2 : 1
    }
    index = end < bytes.count && bytes[end] == UInt8(ascii: "]") ? end + 1 : index + 1
  }
}
