extension CompiledPlan {
  /// Project, policies and the worktrees' directory; streams, shared files and checks are left out.
  public var policies: Plan { plan([.policies]) ?? Plan() }

  public var rules: RuleSettings { plan([.rules])?.rules ?? RuleSettings() }

  public var checks: [Plan.Check] { plan([.checks])?.checks ?? [] }

  /// - Parameter branch: without `refs/heads/`.
  public func stream(onBranch branch: [UInt8]) -> Plan.Stream? {
    firstStream { fields in
      fields.skipPatterns()
      return fields.takeText()?.elementsEqual(branch) ?? false
    }
  }

  /// The first stream whose directory, as the plan names it, is the one that is looked for.
  public func stream(where isWanted: (_ directory: [UInt8]) -> Bool) -> Plan.Stream? {
    firstStream { fields in
      fields.skipPatterns()
      _ = fields.takeText()
      var isPresent = false
      fields.code(&isPresent)
      return isPresent ? fields.takeText().map { isWanted(Array($0)) } ?? false : false
    }
  }

  /// Every stream with a pattern that matches, in the order of the plan.
  public func streams(owning path: [UInt8]) -> [Plan.Stream] {
    var result: [Plan.Stream] = []
    forEachElement(of: .streams) { fields in
      var start = fields
      if fields.takesMatch(of: path), let stream = start.stream() { result.append(stream) }
      return true
    }
    return result
  }

  /// The first entry of `[[shared]]` with a pattern that matches.
  public func sharedFiles(for path: [UInt8]) -> Plan.SharedFiles? {
    var result: Plan.SharedFiles?
    forEachElement(of: .shared) { fields in
      var start = fields
      guard fields.takesMatch(of: path) else { return true }
      result = start.sharedFiles()
      return false
    }
    return result
  }

  private func firstStream(_ isWanted: (inout PlanDecoder) -> Bool) -> Plan.Stream? {
    var result: Plan.Stream?
    forEachElement(of: .streams) { fields in
      var start = fields
      guard isWanted(&fields) else { return true }
      result = start.stream()
      return false
    }
    return result
  }

  /// - Parameter body: reads an element from its first field on; `false` ends the walk.
  private func forEachElement(of part: PlanPart, _ body: (inout PlanDecoder) -> Bool) {
    let list = decoder(at: part)
    var index = 0
    while var fields = list.element(index), body(&fields) { index += 1 }
  }
}

extension PlanDecoder {
  fileprivate mutating func stream() -> Plan.Stream? {
    var stream = Plan.Stream()
    stream.code(with: &self)
    return isDamaged ? nil : stream
  }

  fileprivate mutating func sharedFiles() -> Plan.SharedFiles? {
    var files = Plan.SharedFiles()
    files.code(with: &self)
    return isDamaged ? nil : files
  }

  fileprivate mutating func skipPatterns() {
    var count = 0
    code(count: &count)
    for _ in 0..<count where !isDamaged { _ = takeText() }
  }

  /// Whether one of the patterns that stand here matches: those whose beginning differs are not even compiled.
  fileprivate mutating func takesMatch(of path: [UInt8]) -> Bool {
    var count = 0
    code(count: &count)
    for _ in 0..<count {
      guard let text = takeText() else { return false }
      if Pattern.mayMatch(text, path), Pattern(String(decoding: text, as: UTF8.self)).matches(path) { return true }
    }
    return false
  }
}

extension Pattern {
  /// `false` only where what comes before the first wildcard already differs.
  static func mayMatch(_ text: UnsafeRawBufferPointer, _ path: [UInt8]) -> Bool {
    var position = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "}"), .backslash:
        return true
      default:
        guard position < path.count, path[position] == byte else { return false }
        position += 1
      }
    }
    return true
  }
}
