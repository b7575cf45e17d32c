/// Any bytes as one word of visible ASCII and back: letters, digits and `allowed` stand for themselves, every other byte is
/// `%` and two capital hexadecimal digits. Different bytes are different words.
func percentEncoded(_ bytes: some Sequence<UInt8>, allowing allowed: String = "-_.") -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var result: [UInt8] = []
  for byte in bytes {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      result.append(byte)
    case _ where allowed.utf8.contains(byte): result.append(byte)
    default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
  return String(decoding: result, as: UTF8.self)
}

/// `nil` for a `%` without its two digits.
func percentDecoded(_ word: some Collection<UInt8>) -> [UInt8]? {
  var result: [UInt8] = []
  var rest = word[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "%") else {
      result.append(byte)
      continue
    }
    guard let high = rest.popFirst().flatMap(digitValue), let low = rest.popFirst().flatMap(digitValue) else {
      return nil
    }
    result.append(high << 4 | low)
  }
  return result
}

private func digitValue(_ digit: UInt8) -> UInt8? { Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init) }
