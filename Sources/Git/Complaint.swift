import Platform

extension ProcessResult {
  /// What git says went wrong, on one line: the first that it marks as an error, with what it lists below (`found:` and
  /// then the names, each behind a tab), else its last one. Empty where it said nothing.
  ///
  /// Of a lock that is there already it says what to do where a git that was killed has left it, which git tells in a
  /// paragraph of its own or not at all.
  public var complaint: String {
    let words = firstComplaint
    guard let lock = words.utf8.pathOfLockInTheWay else { return words }
    return "\(words.hasSuffix(".") ? String(words.dropLast()) : words) (if no git is at work: rm \(shellQuoted(lock)))"
  }

  private var firstComplaint: String {
    let lines = error.split(separator: UInt8(ascii: "\n"))
    guard let start = lines.firstIndex(where: { $0.starts(with: "error: ".utf8) || $0.starts(with: "fatal: ".utf8) })
    else { return String(decoding: lines.last ?? [], as: UTF8.self) }
    let listed = lines[start].last == UInt8(ascii: ":") ? lines[(start + 1)...].prefix { $0.first == 0x09 } : []
    let names = listed.map { String(decoding: $0.drop { $0 == 0x09 }, as: UTF8.self) }.joined(separator: ", ")
    return String(decoding: lines[start], as: UTF8.self) + (names.isEmpty ? "" : " " + names)
  }
}

extension Sequence<UInt8> {
  /// `/r/HEAD.lock` of `Unable to create '/r/HEAD.lock': File exists.`
  fileprivate var pathOfLockInTheWay: [UInt8]? {
    let bytes = Array(self)
    let (start, end) = (Array("Unable to create '".utf8), Array(".lock': File exists".utf8))
    guard let first = bytes.indices.first(where: { bytes[$0...].starts(with: start) }),
      let last = bytes[first...].indices.first(where: { bytes[$0...].starts(with: end) })
    else { return nil }
    return Array(bytes[(first + start.count)..<(last + ".lock".utf8.count)])
  }
}
