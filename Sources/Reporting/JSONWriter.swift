extension JSONValue {
  /// On one line. Characters that a terminal would act on are escaped, which changes nothing of the value.
  public var text: String {
    var writer = JSONWriter()
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

private struct JSONWriter {
  var bytes: [UInt8] = []

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .integer(let value): put("\(value)")
    case .number(let value): put(value.isFinite ? decimal(value) : "null")
    case .string(let text): write(text)
    case .array(let elements):
      list("[", elements, "]") { $0.write($1) }
    case .object(let members):
      list("{", members, "}") {
        $0.write($1.name)
        $0.put(":")
        $0.write($1.value)
      }
    }
  }

  private mutating func list<Element>(
    _ open: String, _ elements: [Element], _ close: String, _ body: (inout JSONWriter, Element) -> Void
  ) {
    put(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { put(",") }
      body(&self, element)
    }
    put(close)
  }

  private mutating func write(_ text: String) {
    put("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": put("\\\"")
      case "\\": put("\\\\")
      case "\n": put("\\n")
      case "\r": put("\\r")
      case "\t": put("\\t")
      case _ where isHarmless(scalar): bytes += Array(UTF8.encode(scalar)!)  // every scalar has a UTF-8 form
      default:
        for unit in UTF16.encode(scalar)! {  // and a UTF-16 one
          let digits = String(unit, radix: 16)
          put("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
        }
      }
    }
    put("\"")
  }

  private mutating func put(_ text: String) { bytes += Array(text.utf8) }
}

/// The shortest decimal that is `value` again, without an exponent; a whole number without a point.
private func decimal(_ value: Double) -> String {
  let parts = value.magnitude.description.split(separator: "e")
  let mantissa = parts[0].split(separator: ".")
  let exponent = parts.count > 1 ? Int(parts[1])! : 0  // Swift's own notation
  var digits = mantissa.joined()
  var point = mantissa[0].utf8.count + exponent
  if point <= 0 {
    digits = String(repeating: "0", count: 1 - point) + digits
    point = 1
  }
  if point > digits.utf8.count { digits += String(repeating: "0", count: point - digits.utf8.count) }
  var fraction = digits.dropFirst(point)
  while fraction.last == "0" { fraction.removeLast() }
  let sign = value < 0 ? "-" : ""
  return sign + digits.prefix(point) + (fraction.isEmpty ? "" : "." + fraction)
}
