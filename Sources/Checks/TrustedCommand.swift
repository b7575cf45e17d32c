/// A command of a plan, as exactly as a person approves it: compared byte by byte.
public struct TrustedCommand: Sendable {
  /// Where it runs.
  public enum Place: String, Hashable, Sendable, CaseIterable {
    case worktree
    case main
  }

  /// The plan's table that it stands in: `checks.tests`, `launch`, `notify.pushed`.
  public let table: String
  public let place: Place
  /// With its placeholders unfilled.
  public let words: [String]
  /// All of it as one line of ASCII, every word percent-encoded; different commands are different lines.
  let line: String

  public init(_ table: String, _ words: [String], in place: Place = .worktree) {
    self.table = table
    self.place = place
    self.words = words
    let encoded = words.map { percentEncoded($0.utf8) }
    line = (["command", percentEncoded(table.utf8), place.rawValue] + encoded).joined(separator: " ")
  }

  /// Reads a `line`; `nil` for one that we would not have written.
  init?(line: ArraySlice<UInt8>) {
    let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    let words = parts.compactMap { part in percentDecoded(part).flatMap { String(validating: $0, as: UTF8.self) } }
    guard words.count == parts.count, words.count > 3, let place = Place(rawValue: words[2]) else { return nil }
    self.init(words[1], Array(words.dropFirst(3)), in: place)
    guard line.elementsEqual(self.line.utf8) else { return nil }
  }
}

extension TrustedCommand: Hashable {
  // Not by the words: two Strings are equal when they look alike, which is not what a person approved.
  public static func == (left: TrustedCommand, right: TrustedCommand) -> Bool { left.line == right.line }

  public func hash(into hasher: inout Hasher) { hasher.combine(line) }
}
