/// Text from a repository or a command as a terminal may see it: what could move the cursor, change colours, hide or
/// reorder characters, or end the line is written out (`\n`, `\x1b`, `\u{202e}`), and so is every byte that is not UTF-8.
package func neutralised(_ bytes: some Collection<UInt8>) -> String {
  if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return String(decoding: bytes, as: UTF8.self) }
  var result = String.UnicodeScalarView()
  var rest = Array(bytes)[...]
  while !rest.isEmpty {
    var iterator = rest.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()  // a new one each time: it reads ahead
    switch parser.parseScalar(from: &iterator) {
    case .valid(let encoded):
      let scalar = Unicode.UTF8.decode(encoded)
      if isHarmless(scalar) { result.append(scalar) } else { result.append(contentsOf: escaped(scalar).unicodeScalars) }
      rest = rest.dropFirst(encoded.count)
    case .error(let length):
      for byte in rest.prefix(max(1, length)) { result.append(contentsOf: escaped(byte).unicodeScalars) }
      rest = rest.dropFirst(max(1, length))
    case .emptyInput: preconditionFailure("there are bytes left")
    }
  }
  return String(result)
}

package func neutralised(_ text: String) -> String { neutralised(text.utf8) }

/// Whether a character shows as itself and nothing else: no control (C0, C1, DEL), no format character (bidirectional
/// overrides, zero-width spaces and joiners, tags), no line or paragraph separator, none that is blank without being a space.
func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7f }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: return false
  default: break
  }
  switch scalar.value {
  case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0: return false  // joiner, fillers, empty pattern
  default: return true
  }
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\n": "\\n"
  case "\r": "\\r"
  case "\t": "\\t"
  case _ where scalar.isASCII: escaped(UInt8(scalar.value))
  default: "\\u{" + String(scalar.value, radix: 16) + "}"
  }
}

private func escaped(_ byte: UInt8) -> String { (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16) }
