import Plan

/// The conventional header that stands closest to what somebody wrote.
struct HeaderCorrection: Hashable, Sendable {
  var header: [UInt8]
  /// Whether nothing else can have been meant, so that it may be put in place unasked.
  var isCertain: Bool

  /// `nil` where nothing suggests itself; equal to the header where that is right already.
  init?(of header: ArraySlice<UInt8>, policy: Plan.CommitPolicy) {
    if var reading = HeaderReading(header), let type = policy.type(matching: reading.type) {
      reading.type = type
      self.init(reading, isCertain: true, policy: policy)
    } else if let reading = HeaderReading(nearestTypeIn: header, policy: policy)
      ?? HeaderReading(afterTextIn: header, policy: policy) ?? HeaderReading(withoutColon: header, policy: policy)
    {
      self.init(reading, isCertain: false, policy: policy)
    } else {
      return nil
    }
  }

  private init?(_ reading: HeaderReading, isCertain: Bool, policy: Plan.CommitPolicy) {
    var reading = reading
    self.isCertain = isCertain
    switch policy.verdict(onScope: reading.scope) {
    case .fine: break
    case .missing(let only?), .unknown(_, let only?):
      reading.scope = only
      self.isCertain = false
    case .missing(nil), .unknown(_, nil): return nil
    }
    header = reading.header
  }
}

extension HeaderReading {
  /// `feet: …`, where the plan has `feat`.
  fileprivate init?(nearestTypeIn header: ArraySlice<UInt8>, policy: Plan.CommitPolicy) {
    self.init(header)
    guard let nearest = nearestType(to: type, in: policy.types) else { return nil }
    type = Array(nearest.utf8)
  }

  /// `feat add a parser`: a type of the plan, and no colon.
  init?(withoutColon header: ArraySlice<UInt8>, policy: Plan.CommitPolicy) {
    var scanner = HeaderScanner(header)
    scanner.skipBlanks()
    let word = header[scanner.word()]
    guard !policy.types.isEmpty, let type = policy.type(matching: word), scanner.next?.isBlank == true,
      let reading = HeaderReading(Array(type + [.colon] + header[scanner.position...])[...])
    else { return nil }
    self = reading
  }

  /// `[ABC-1] feat: …`, `✨ feat: …`: a good header behind a few words, which move behind its colon.
  fileprivate init?(afterTextIn header: ArraySlice<UInt8>, policy: Plan.CommitPolicy) {
    guard !policy.types.isEmpty else { return nil }
    var words = 0
    for start in header.indices.dropFirst() where header[start - 1].isBlank && !header[start].isBlank {
      words += 1
      guard words <= 4 else { return nil }
      guard let parsed = try? ConventionalHeader(header[start...]), policy.type(matching: header[parsed.type]) != nil,
        var reading = HeaderReading(header[start...])
      else { continue }
      var text = header[..<start].trimmed
      // `ABC-1: feat: …` loses its colon, `:sparkles: feat: …` does not.
      if text.first != .colon { while let last = text.last, last == .colon || last.isBlank { text.removeLast() } }
      guard !text.isEmpty else { return nil }
      reading.type = policy.type(matching: reading.type) ?? reading.type
      reading.description = text + [.space] + reading.description
      self = reading
      return
    }
    return nil
  }
}
