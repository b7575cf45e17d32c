/// Text as TOML writes it.
enum TOMLText {
  /// A basic string: any text, on one line.
  static func string(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": written += "\\\""
      case "\\": written += "\\\\"
      case "\n": written += "\\n"
      case "\r": written += "\\r"
      case "\t": written += "\\t"
      default:
        if scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || isInvisible(scalar) {
          let digits = String(scalar.value, radix: 16)
          let width = scalar.value > 0xFFFF ? 8 : 4
          written += (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
        } else {
          written.unicodeScalars.append(scalar)
        }
      }
    }
    return written + "\""
  }

  /// Bare where that is allowed.
  static func key(_ text: String) -> String {
    let isBare = !text.isEmpty && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_".utf8.contains($0) }
    return isBare ? text : string(text)
  }

  static func list(_ texts: [String]) -> String { "[\(texts.map(string).joined(separator: ", "))]" }

  /// Characters that would make a reader see something other than what is there: direction marks, zero width.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .format || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
