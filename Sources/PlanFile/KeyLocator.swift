/// Where in a TOML text each key and each value is.
///
/// It takes any bytes: what is not TOML is skipped to the end of its line, since TOMLKit reports it. See TOML v1.0.0.
struct KeyLocator {
  struct Node {
    /// The byte offset of the last part of the key that first named this node; for an element of an array of tables
    /// that of its header's key.
    var key: Int
    /// Of the value; of the key where a header or a dotted key made a table.
    var value: Int
    fileprivate(set) var children: [[UInt8]: Int] = [:]
    fileprivate(set) var elements: [Int] = []
    /// Named only on the way to something else: `a` in `[a.b]`.
    fileprivate var isImplicit = false
  }

  /// What must not reach TOMLKit.
  enum Obstacle {
    /// `\u0000` in a string, which no path, argument or id can hold.
    case null
    /// More levels of tables or arrays than are followed.
    case depth
    /// A table header that starts with no key: toml++ 3.4 asserts that there is one.
    case header
  }

  /// As deep as TOMLKit goes with arrays and inline tables.
  static let depthLimit = 256
  static let root = 0

  private(set) var nodes = [Node(key: 0, value: 0)]
  /// The first in the text.
  private(set) var obstacle: (obstacle: Obstacle, offset: Int)?

  private let bytes: [UInt8]
  private var offset: Int

  init(_ source: SourceText) {
    bytes = source.bytes
    offset = source.start
    document()
  }

  func child(_ key: String, of node: Int) -> Int? { nodes[node].children[Array(key.utf8)] }

  func element(_ index: Int, of node: Int) -> Int? {
    nodes[node].elements.indices.contains(index) ? nodes[node].elements[index] : nil
  }
}

// MARK: - Statements

extension KeyLocator {
  private mutating func document() {
    var table = Self.root
    skipBlank()
    while let byte = peek {
      let start = offset
      if byte == UInt8(ascii: "[") {
        table = header() ?? table
      } else {
        keyValue(in: table, depth: 0)
      }
      skipLine()
      skipBlank()
      if offset == start { offset += 1 }
    }
  }

  /// `[a.b]` or `[[a.b]]`; the node that following keys are in.
  private mutating func header() -> Int? {
    offset += 1
    skipSpace()
    let isArray = take("[")
    skipSpace()
    if let byte = peek, !byte.startsHeader { report(.header, at: offset) }
    guard let parts = dottedKey(), let last = parts.last else { return nil }
    var node = Self.root
    for part in parts.dropLast() {
      node = child(part, of: node, isImplicit: true)
      node = nodes[node].elements.last ?? node
    }
    node = child(last, of: node, isImplicit: false)
    if isArray {
      nodes.append(Node(key: last.offset, value: last.offset))
      nodes[node].elements.append(nodes.count - 1)
      node = nodes.count - 1
    }
    _ = take("]")
    if isArray { _ = take("]") }
    return node
  }

  private mutating func keyValue(in table: Int, depth: Int) {
    guard let parts = dottedKey() else { return }
    var node = table
    for (index, part) in parts.enumerated() {
      node = child(part, of: node, isImplicit: index < parts.count - 1)
    }
    skipSpace()
    guard take("=") else { return }
    skipSpace()
    value(of: node, depth: depth)
  }

  private mutating func child(_ part: KeyPart, of node: Int, isImplicit: Bool) -> Int {
    if let child = nodes[node].children[part.name] {
      if nodes[child].isImplicit, !isImplicit {
        nodes[child].key = part.offset
        nodes[child].value = part.offset
        nodes[child].isImplicit = false
      }
      return child
    }
    nodes.append(Node(key: part.offset, value: part.offset, isImplicit: isImplicit))
    nodes[node].children[part.name] = nodes.count - 1
    return nodes.count - 1
  }
}

// MARK: - Keys

extension KeyLocator {
  private struct KeyPart {
    var name: [UInt8]
    var offset: Int
  }

  private mutating func dottedKey() -> [KeyPart]? {
    var parts: [KeyPart] = []
    repeat {
      skipSpace()
      guard let part = keyPart() else { return nil }
      parts.append(part)
      skipSpace()
    } while take(".")
    if parts.count > Self.depthLimit { report(.depth, at: parts[0].offset) }
    return Array(parts.prefix(Self.depthLimit))
  }

  private mutating func keyPart() -> KeyPart? {
    let start = offset
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return KeyPart(name: string(), offset: start)
    default:
      while let byte = peek, byte.isBareKeyByte { offset += 1 }
      return offset > start ? KeyPart(name: Array(bytes[start..<offset]), offset: start) : nil
    }
  }
}

// MARK: - Values

extension KeyLocator {
  private mutating func value(of node: Int, depth: Int) {
    nodes[node].value = offset
    guard depth < Self.depthLimit else {
      report(.depth, at: offset)
      offset = bytes.count
      return
    }
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = string()
    case UInt8(ascii: "["): array(node, depth: depth + 1)
    case UInt8(ascii: "{"): inlineTable(node, depth: depth + 1)
    default: while let byte = peek, !byte.endsBareValue { offset += 1 }
    }
  }

  private mutating func array(_ node: Int, depth: Int) {
    offset += 1
    while let byte = nextItem(), byte != UInt8(ascii: "]") {
      let start = offset
      nodes.append(Node(key: offset, value: offset))
      nodes[node].elements.append(nodes.count - 1)
      value(of: nodes.count - 1, depth: depth)
      if offset == start { offset += 1 }
    }
    offset = min(offset + 1, bytes.count)
  }

  private mutating func inlineTable(_ node: Int, depth: Int) {
    offset += 1
    while let byte = nextItem(), byte != UInt8(ascii: "}") {
      let start = offset
      keyValue(in: node, depth: depth)
      if offset == start { offset += 1 }
    }
    offset = min(offset + 1, bytes.count)
  }

  /// Past blanks, comments and commas.
  private mutating func nextItem() -> UInt8? {
    skipBlank()
    while take(",") { skipBlank() }
    return peek
  }

  /// Reads a string in any of the four forms, its escapes resolved.
  private mutating func string() -> [UInt8] {
    guard let quote = peek else { return [] }
    let isLong = offset + 2 < bytes.count && bytes[offset + 1] == quote && bytes[offset + 2] == quote
    offset += isLong ? 3 : 1
    var content: [UInt8] = []
    while let byte = peek {
      if byte == quote, !isLong || endsLongString(quote) {
        content += longTail(quote, isLong: isLong)
        break
      }
      if !isLong, byte == UInt8(ascii: "\n") { break }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        escape(into: &content)
      } else {
        content.append(byte)
        offset += 1
      }
    }
    return content
  }

  private func endsLongString(_ quote: UInt8) -> Bool {
    offset + 2 < bytes.count && bytes[offset + 1] == quote && bytes[offset + 2] == quote
  }

  /// Past the closing quotes; up to two quotes directly before them belong to the string.
  private mutating func longTail(_ quote: UInt8, isLong: Bool) -> [UInt8] {
    var length = 0
    while length < (isLong ? 5 : 1), offset < bytes.count, bytes[offset] == quote {
      offset += 1
      length += 1
    }
    return [UInt8](repeating: quote, count: isLong ? length - 3 : 0)
  }

  private mutating func escape(into content: inout [UInt8]) {
    let start = offset
    offset += 1
    guard let byte = peek else { return }
    offset += 1
    switch byte {
    case UInt8(ascii: "b"): content.append(0x08)
    case UInt8(ascii: "t"): content.append(0x09)
    case UInt8(ascii: "n"): content.append(0x0A)
    case UInt8(ascii: "f"): content.append(0x0C)
    case UInt8(ascii: "r"): content.append(0x0D)
    case UInt8(ascii: "e"): content.append(0x1B)
    case UInt8(ascii: "u"): codePoint(digits: 4, into: &content, from: start)
    case UInt8(ascii: "U"): codePoint(digits: 8, into: &content, from: start)
    case UInt8(ascii: "x"): codePoint(digits: 2, into: &content, from: start)
    default: content.append(byte)
    }
  }

  private mutating func codePoint(digits: Int, into content: inout [UInt8], from start: Int) {
    let end = min(offset + digits, bytes.count)
    guard let value = UInt32(String(decoding: bytes[offset..<end], as: UTF8.self), radix: 16) else { return }
    offset = end
    if value == 0 { report(.null, at: start) }
    if let scalar = Unicode.Scalar(value) { content += Array(String(scalar).utf8) }
  }

  private mutating func report(_ obstacle: Obstacle, at offset: Int) {
    if self.obstacle == nil { self.obstacle = (obstacle, offset) }
  }
}

// MARK: - Bytes

extension KeyLocator {
  private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace() {
    while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { offset += 1 }
  }

  private mutating func skipLine() {
    while let byte = peek, byte != UInt8(ascii: "\n") { offset += 1 }
  }

  /// Past blanks, line ends and comments.
  private mutating func skipBlank() {
    while let byte = peek {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): offset += 1
      case UInt8(ascii: "#"): skipLine()
      default: return
      }
    }
  }
}

extension UInt8 {
  /// More than TOML allows in a bare key, less than would swallow its end.
  fileprivate var isBareKeyByte: Bool { self > 0x20 && self != 0x7F && !"=.[]{},#\"'".utf8.contains(self) }

  /// A key as toml++ has it, or the `]` of an empty header, which it reports.
  fileprivate var startsHeader: Bool { isASCIILetterOrDigit || "-_\"']".utf8.contains(self) }

  fileprivate var endsBareValue: Bool { self < 0x20 && self != 0x09 || ",]}#".utf8.contains(self) }
}
