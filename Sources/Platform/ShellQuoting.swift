/// `text` as one word of a POSIX shell; as it is where no character of it means anything there.
public func shellQuoted(_ text: String) -> String {
  let plain = !text.isEmpty && text.utf8.allSatisfy { unquoted.contains($0) }
  if plain { return text }
  // Within single quotes only their own end means anything.
  return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
}

private let unquoted = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,".utf8)

/// A path as one word. Bytes that are not UTF-8, and control characters, are written by printf(1), which every POSIX shell
/// has; a line feed at the very end would be lost.
public func shellQuoted(_ path: [UInt8]) -> String {
  if let text = String(validating: path, as: UTF8.self), !path.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
    return shellQuoted(text)
  }
  var format = ""
  for byte in path {
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "%"), 0..<0x20, 0x7f...: format += byte.octalEscape
    default: format += String(UnicodeScalar(byte))
    }
  }
  return "\"$(printf '\(format)')\""
}

extension UInt8 {
  fileprivate var octalEscape: String {
    let digits = String(self, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

public func shellQuoted(_ path: FilePath) -> String { shellQuoted(path.bytes) }
