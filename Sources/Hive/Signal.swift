/// What a stream says of itself.
public struct Signal: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable {
    case working
    case blocked
    case ready
    case abandoned
  }

  public var stream: String
  public var state: State
  /// The issue that blocks it.
  public var issue: String?
  public var text: [UInt8]
  public var origin: HiveRecord.Origin

  public init(
    stream: String, state: State, issue: String? = nil, text: [UInt8] = [], origin: HiveRecord.Origin
  ) {
    self.stream = stream
    self.state = state
    self.issue = issue
    self.text = text
    self.origin = origin
  }

  public var record: HiveRecord {
    var record = HiveRecord(origin, sentence: text)
    record["state"] = Array(state.rawValue.utf8)
    record["on"] = issue.map { Array($0.utf8) }
    return record
  }

  /// `nil` for a state that this version does not know.
  public init?(stream: String, _ record: HiveRecord) {
    guard let state = record.word("state").flatMap(State.init) else { return nil }
    self.init(stream: stream, state: state, issue: record.word("on"), text: record.sentence, origin: record.origin)
  }
}
