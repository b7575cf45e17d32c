/// The columns that a terminal gives to `text`, which holds no control characters: wide characters of East Asia and emoji
/// take two, combining marks none. See Unicode Standard Annex #11.
func displayWidth(_ text: String) -> Int {
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
}

/// The longest beginning of `text` that fits, with the marks that belong to its last character.
func prefix(of text: String, columns limit: Int) -> String {
  var result = String.UnicodeScalarView()
  var used = 0
  for scalar in text.unicodeScalars {
    used += columns(of: scalar)
    if used > limit { break }
    result.append(scalar)
  }
  return String(result)
}

/// The longest end of `text` that fits, and begins with a character that stands by itself.
func suffix(of text: String, columns limit: Int) -> String {
  var kept: [Character] = []
  var used = 0
  for character in text.reversed() {
    used += displayWidth(String(character))
    if used > limit { break }
    kept.append(character)
  }
  return String(kept.reversed())
}

private func columns(of scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  if (0x1f1e6...0x1f1ff).contains(scalar.value) { return 1 }  // two of them are one flag
  return scalar.properties.isEmojiPresentation || isWide(scalar.value) ? 2 : 1
}

/// The blocks of EastAsianWidth.txt that are W or F throughout, emoji aside, in order.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115f, 0x2329...0x232a, 0x2e80...0x303e, 0x3041...0x3247, 0x3250...0x4dbf, 0x4e00...0xa4cf,
  0xa960...0xa97c, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6b, 0xff01...0xff60,
  0xffe0...0xffe6, 0x16fe0...0x18d08, 0x1aff0...0x1b2fb, 0x1f200...0x1f265, 0x20000...0x3fffd,
]

private func isWide(_ value: UInt32) -> Bool {
  for range in wideRanges where value <= range.upperBound { return value >= range.lowerBound }
  return false
}
