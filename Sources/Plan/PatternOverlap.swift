extension Pattern {
  /// Whether some path could match both.
  public func overlaps(_ other: Pattern) -> Bool {
    let others = CompiledPattern(other).alternatives
    return CompiledPattern(self).alternatives.contains { own in others.contains { Self.overlap(own, $0) } }
  }

  private typealias Component = CompiledPattern.Component
  private typealias Token = CompiledPattern.Token

  private static func overlap(_ left: [Component], _ right: [Component]) -> Bool {
    meet(left, right, isStar: { $0 == .anyDepth }) { left, right in
      switch (left, right) {
      case (.literal(let left), .literal(let right)): left == right
      default: meet(left.tokens, right.tokens, isStar: { $0 == .star }, areCompatible: areCompatible)
      }
    }
  }

  private static func areCompatible(_ left: Token, _ right: Token) -> Bool {
    switch (left, right) {
    case (.byte(let left), .byte(let right)): left == right
    case (.byte(let byte), .set(let set)), (.set(let set), .byte(let byte)): set.contains(byte)
    case (.set(let left), .set(let right)): left.intersects(right)
    case (.star, _), (_, .star): true
    }
  }

  /// Whether two sequences with stars, each standing for any run of elements, have a common reading: one row of the
  /// table of all prefixes at a time.
  private static func meet<Element>(
    _ left: [Element], _ right: [Element], isStar: (Element) -> Bool, areCompatible: (Element, Element) -> Bool
  ) -> Bool {
    var row = [true] + right.map { _ in false }
    for (index, element) in right.enumerated() { row[index + 1] = row[index] && isStar(element) }
    for element in left {
      var next = row
      next[0] = row[0] && isStar(element)
      for (index, other) in right.enumerated() {
        next[index + 1] =
          isStar(element) || isStar(other)
          ? next[index] || row[index + 1] : row[index] && areCompatible(element, other)
      }
      row = next
    }
    return row[right.count]
  }
}

extension CompiledPattern.Component {
  fileprivate var tokens: [CompiledPattern.Token] {
    switch self {
    case .literal(let bytes): bytes.map { .byte($0) }
    case .wild(let tokens): tokens
    case .anyDepth: [.star]
    }
  }
}
