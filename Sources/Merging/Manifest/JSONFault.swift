/// What is wrong with a text that should be JSON.
public struct JSONFault: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case malformed
    /// A name stands twice in one object: readers take one of the two, not all of them the same.
    case duplicateKey
  }

  public var kind: Kind
  /// From 1.
  public var line: Int

  /// The first fault; `nil` where there is none, and for what is nested too deeply to tell. A byte order mark is no fault.
  public init?(in bytes: [UInt8]) {
    let text = TextForm.plain(bytes).text
    guard let (fault, index) = JSONReader.firstFault(in: text) else { return nil }
    switch fault {
    case .tooDeep: return nil
    case .malformed: kind = .malformed
    case .duplicateKey: kind = .duplicateKey
    }
    line = 1 + text[..<min(index, text.count)].count { $0 == 0x0A }
  }
}
