/// A JSON value with the text that it was read from.
struct JSONNode: Hashable {
  enum Content: Hashable {
    case scalar
    case object([JSONItem])
    case array([JSONItem])
  }

  let raw: ArraySlice<UInt8>
  let content: Content
  /// How its items stand; of a scalar nothing.
  let layout: JSONLayout

  /// Without blanks between tokens: equal where two values say the same in one order.
  var meaning: [UInt8] {
    var result: [UInt8] = []
    var isInString = false
    var isEscaped = false
    for byte in raw {
      if isInString {
        isInString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
      } else if byte == UInt8(ascii: "\"") {
        isInString = true
      } else if byte.isJSONBlank {
        continue
      }
      result.append(byte)
    }
    return result
  }
}

/// A member of an object, or (without a key) an element of an array.
struct JSONItem: MergeUnit {
  /// With its quotes.
  var key: [UInt8]?
  /// From the end of the key to the value: `: `.
  var colon: [UInt8]
  var value: JSONNode

  var text: [UInt8] { (key ?? []) + colon + value.raw }
  var identity: [UInt8]? { key ?? value.meaning }
  var nearIdentity: [UInt8]? { nil }
  var role: UnitRole { .member }
  var sortKey: [UInt8] { key ?? value.meaning }
}

/// The blanks between the items of an object or array.
struct JSONLayout: Hashable {
  var beforeFirst: [UInt8] = []
  var beforeOthers: [UInt8] = []
  var beforeClose: [UInt8] = []
}

extension UInt8 {
  var isJSONBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
