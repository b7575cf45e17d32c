import Platform

extension ProcessResult {
  /// What git says went wrong, on one line: the first that it marks as an error, with what it lists below (`found:` and
  /// then the names, each behind a tab), else its last one. Empty where it said nothing.
  public var complaint: String {
    let lines = error.split(separator: UInt8(ascii: "\n"))
    guard let start = lines.firstIndex(where: { $0.starts(with: "error: ".utf8) || $0.starts(with: "fatal: ".utf8) })
    else { return String(decoding: lines.last ?? [], as: UTF8.self) }
    let listed = lines[start].last == UInt8(ascii: ":") ? lines[(start + 1)...].prefix { $0.first == 0x09 } : []
    let names = listed.map { String(decoding: $0.drop { $0 == 0x09 }, as: UTF8.self) }.joined(separator: ", ")
    return String(decoding: lines[start], as: UTF8.self) + (names.isEmpty ? "" : " " + names)
  }
}
