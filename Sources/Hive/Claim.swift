/// An advisory, expiring hold of a stream on a path: on the file, or on all that is below the directory.
public struct Claim: Hashable, Sendable {
  /// From the top of the repository, without a slash at its end; empty: everything.
  public var path: [UInt8]
  public var stream: String
  /// Seconds since 1970.
  public var until: Int64
  public var text: [UInt8]
  public var origin: HiveRecord.Origin

  public init(path: [UInt8], stream: String, until: Int64, text: [UInt8] = [], origin: HiveRecord.Origin) {
    self.path = path
    self.stream = stream
    self.until = until
    self.text = text
    self.origin = origin
  }

  public var record: HiveRecord {
    var record = HiveRecord(origin, sentence: text)
    record["stream"] = Array(stream.utf8)
    record["until"] = Array("\(until)".utf8)
    return record
  }

  /// `nil` for a record that names no stream or no end.
  public init?(path: [UInt8], _ record: HiveRecord) {
    guard let stream = record.word("stream"), let until = record.number("until") else { return nil }
    self.init(path: path, stream: stream, until: until, text: record.sentence, origin: record.origin)
  }

  /// Whether it still holds.
  ///
  /// A claim from the future, as a clock that was set back leaves behind, holds no longer than twice its own length.
  public func isLive(at now: Int64) -> Bool {
    let length = max(0, until.subtractingReportingOverflow(origin.time).partialValue)
    return now < until && until - now <= length.multipliedReportingOverflow(by: 2).partialValue
  }

  /// Seconds for which it holds yet; from a minute on whole ones, rounded up.
  public func secondsLeft(at now: Int64) -> Int64 {
    let seconds = max(0, until - now)
    return seconds <= 60 ? seconds : (seconds + 59) / 60 * 60
  }

  /// Whether the claim is on `other` too: one path is the other or lies below it.
  public func covers(_ other: [UInt8], ignoringCase: Bool = false) -> Bool {
    Self.isBelow(other, path, ignoringCase) || Self.isBelow(path, other, ignoringCase)
  }

  /// Whether the claim is on `directory`, a file or a directory, or on something in it.
  func isBelow(_ directory: [UInt8], ignoringCase: Bool) -> Bool { Self.isBelow(path, directory, ignoringCase) }

  private static func isBelow(_ path: [UInt8], _ directory: [UInt8], _ ignoringCase: Bool) -> Bool {
    if directory.isEmpty { return true }
    guard path.count >= directory.count else { return false }
    let matches = zip(path, directory).allSatisfy { ignoringCase ? $0.lowercasedASCII == $1.lowercasedASCII : $0 == $1 }
    return matches && (path.count == directory.count || path[directory.count] == UInt8(ascii: "/"))
  }
}

extension UInt8 {
  fileprivate var lowercasedASCII: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}

/// Work without a commit that somebody says is done.
public struct Completion: Hashable, Sendable {
  public var issue: String
  public var stream: String
  public var text: [UInt8]
  public var origin: HiveRecord.Origin

  public init(issue: String, stream: String, text: [UInt8] = [], origin: HiveRecord.Origin) {
    self.issue = issue
    self.stream = stream
    self.text = text
    self.origin = origin
  }

  public var record: HiveRecord { HiveRecord(origin, sentence: text) }
}
