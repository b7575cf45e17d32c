/// Reads JSON (RFC 8259) and keeps every byte of it.
struct JSONReader {
  enum Fault: Error {
    case malformed
    case tooDeep
    /// Readers take the last of two: neither may be dropped unseen.
    case duplicateKey
  }

  static let depthLimit = 200

  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  /// The value, with what stands before and after it.
  static func read(_ bytes: [UInt8]) throws(Fault) -> (before: [UInt8], value: JSONNode, after: [UInt8]) {
    var reader = JSONReader(bytes: bytes)
    return try reader.readText()
  }

  /// What is wrong first, and up to where it was read.
  static func firstFault(in bytes: [UInt8]) -> (fault: Fault, index: Int)? {
    var reader = JSONReader(bytes: bytes)
    do { _ = try reader.readText() } catch { return (error, reader.index) }
    return nil
  }

  private mutating func readText() throws(Fault) -> (before: [UInt8], value: JSONNode, after: [UInt8]) {
    let before = readBlanks()
    let value = try readValue()
    let after = readBlanks()
    guard index == bytes.count else { throw .malformed }
    return (before, value, after)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func readBlanks() -> [UInt8] {
    let start = index
    while let byte = next, byte.isJSONBlank { index += 1 }
    return Array(bytes[start..<index])
  }

  private mutating func accept(_ sign: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: sign) else { return false }
    index += 1
    return true
  }

  private mutating func readValue() throws(Fault) -> JSONNode {
    let start = index
    switch next {
    case UInt8(ascii: "{"): return try readContainer(close: "}", isObject: true)
    case UInt8(ascii: "["): return try readContainer(close: "]", isObject: false)
    case UInt8(ascii: "\""): try readString()
    case let sign? where sign == UInt8(ascii: "-") || (0x30...0x39).contains(sign): try readNumber()
    default: try readWord()
    }
    return JSONNode(raw: bytes[start..<index], content: .scalar, layout: JSONLayout())
  }

  private mutating func readContainer(close: Unicode.Scalar, isObject: Bool) throws(Fault) -> JSONNode {
    let start = index
    index += 1
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw .tooDeep }
    var items: [JSONItem] = []
    var layout = JSONLayout()
    layout.beforeFirst = readBlanks()
    layout.beforeOthers = layout.beforeFirst.isEmpty ? [0x20] : layout.beforeFirst
    if accept(close) {
      layout = JSONLayout(beforeFirst: [], beforeOthers: [0x20], beforeClose: layout.beforeFirst)
    } else {
      repeat {
        let blanks = items.isEmpty ? [] : readBlanks()
        if items.count == 1 { layout.beforeOthers = blanks }
        items.append(try readItem(isObject: isObject))
        layout.beforeClose = readBlanks()
      } while accept(",")
      guard accept(close) else { throw .malformed }
    }
    if isObject, Set(items.map(\.key)).count < items.count { throw .duplicateKey }
    return JSONNode(raw: bytes[start..<index], content: isObject ? .object(items) : .array(items), layout: layout)
  }

  private mutating func readItem(isObject: Bool) throws(Fault) -> JSONItem {
    guard isObject else { return JSONItem(key: nil, colon: [], value: try readValue()) }
    let start = index
    try readString()
    let end = index
    _ = readBlanks()
    guard accept(":") else { throw .malformed }
    _ = readBlanks()
    let colon = Array(bytes[end..<index])
    return JSONItem(key: Array(bytes[start..<end]), colon: colon, value: try readValue())
  }

  private mutating func readString() throws(Fault) {
    guard accept("\"") else { throw .malformed }
    let start = index
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw .malformed }
      index += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < bytes.count else { throw .malformed }
    let text = bytes[start..<index]
    guard String(decoding: text, as: UTF8.self).utf8.elementsEqual(text) else { throw .malformed }
    index += 1
  }

  private mutating func readNumber() throws(Fault) {
    _ = accept("-")
    try readDigits()
    if accept(".") { try readDigits() }
    if accept("e") || accept("E") {
      if !accept("+") { _ = accept("-") }
      try readDigits()
    }
  }

  private mutating func readDigits() throws(Fault) {
    let start = index
    while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
    guard index > start else { throw .malformed }
  }

  private mutating func readWord() throws(Fault) {
    for word in ["true", "false", "null"] where bytes[index...].starts(with: word.utf8) {
      index += word.utf8.count
      return
    }
    throw .malformed
  }
}
