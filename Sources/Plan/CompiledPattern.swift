/// A pattern ready to be matched against many paths.
///
/// A mismatch goes back to the last `*` (or `**`) only, so the time is bounded by pattern length times path length.
public struct CompiledPattern: Sendable {
  enum Component: Hashable, Sendable {
    case literal([UInt8])
    case wild([Token])
    /// `**`: any number of components, none included.
    case anyDepth
  }

  enum Token: Hashable, Sendable {
    case byte(UInt8)
    case set(ByteSet)
    case star

    var literal: UInt8? {
      if case .byte(let byte) = self { byte } else { nil }
    }
  }

  let alternatives: [[Component]]

  public init(_ pattern: Pattern) {
    alternatives = (try? pattern.alternatives()) ?? []
  }

  public func matches(_ path: [UInt8]) -> Bool {
    path.withUnsafeBufferPointer { path in alternatives.contains { Self.matches($0, path) } }
  }

  private static func matches(_ components: [Component], _ path: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    var start = 0  // of a path component; beyond the end when all are taken
    var retry: (index: Int, start: Int)?
    while start <= path.count {
      if index < components.count {
        if components[index] == .anyDepth {
          index += 1
          retry = (index, start)
          continue
        }
        let end = path.component(from: start)
        if components[index].matches(path, start..<end) {
          index += 1
          start = end + 1
          continue
        }
      }
      guard let last = retry else { return false }
      start = path.component(from: last.start) + 1
      index = last.index
      retry = (index, start)
    }
    return index == components.count
  }
}

extension CompiledPattern.Component {
  func matches(_ path: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    switch self {
    case .anyDepth: true
    case .literal(let bytes): bytes.count == range.count && bytes.elementsEqual(path[range])
    case .wild(let tokens): Self.matches(tokens, path, range)
    }
  }

  private static func matches(
    _ tokens: [CompiledPattern.Token], _ path: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> Bool {
    var index = 0
    var position = range.lowerBound
    var retry: (index: Int, position: Int)?
    while position < range.upperBound {
      if index < tokens.count {
        if tokens[index] == .star {
          index += 1
          retry = (index, position)
          continue
        }
        if tokens[index].matches(path[position]) {
          index += 1
          position += 1
          continue
        }
      }
      guard let last = retry else { return false }
      position = last.position + 1
      index = last.index
      retry = (index, position)
    }
    return tokens[index...].allSatisfy { $0 == .star }
  }
}

extension CompiledPattern.Token {
  func matches(_ byte: UInt8) -> Bool {
    switch self {
    case .byte(let own): own == byte
    case .set(let set): set.contains(byte)
    case .star: true
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The end of the component that starts here.
  fileprivate func component(from start: Int) -> Int {
    var end = start
    while end < count, self[end] != .slash { end += 1 }
    return end
  }
}
