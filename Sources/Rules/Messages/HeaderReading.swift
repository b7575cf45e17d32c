/// What somebody meant by a header that is close to a conventional one: blanks, a missing space, the place of the `!`
/// and the case of the type are forgiven. One text has at most one such reading.
struct HeaderReading: Hashable, Sendable {
  var type: [UInt8]
  var scope: [UInt8]?
  var isBreaking = false
  var description: [UInt8]

  /// `nil` where the parts are not all there, or there twice.
  init?(_ header: ArraySlice<UInt8>) {
    var scanner = HeaderScanner(header)
    scanner.skipBlanks()
    type = Array(header[scanner.word()])
    guard !type.isEmpty else { return nil }
    while let byte = scanner.nextAfterBlanks(), byte == .leftParenthesis || byte == .exclamationMark {
      if byte == .leftParenthesis {
        guard scope == nil, let range = try? scanner.scope() else { return nil }
        scope = Array(header[range])
      } else {
        guard !isBreaking else { return nil }
        isBreaking = true
        scanner.position += 1
      }
    }
    guard scanner.skipAnyColon() else { return nil }
    scanner.skipBlanks()
    guard let first = scanner.next, first != .colon else { return nil }
    description = Array(header[scanner.position...])
  }

  /// In the one form that the convention knows.
  var header: [UInt8] {
    var result = type
    if let scope { result += [.leftParenthesis] + scope + [.rightParenthesis] }
    if isBreaking { result.append(.exclamationMark) }
    return result + [.colon, .space] + description
  }
}

extension HeaderScanner {
  fileprivate mutating func nextAfterBlanks() -> UInt8? {
    skipBlanks()
    return next
  }

  fileprivate mutating func skipAnyColon() -> Bool {
    if skip(.colon) { return true }
    guard isAtFullWidthColon else { return false }
    position += fullWidthColon.count
    return true
  }
}
