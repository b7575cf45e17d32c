/// Where a record stands in the tree of the state: `streams/ws1/signal`, `streams/ws2/done/SMI-1457`,
/// `claims/src%2findex.ts`, `memory/release`.
///
/// A path or a key is one name there: what git or a file system could take amiss is written as `%` and two hexadecimal
/// digits.
public struct HivePath: Hashable, Sendable, Comparable {
  public let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  public static func signal(of stream: String) -> HivePath {
    HivePath(bytes: Array("streams/".utf8) + escaped(stream.utf8) + Array("/signal".utf8))
  }

  public static func done(_ issue: String, by stream: String) -> HivePath {
    HivePath(bytes: Array("streams/".utf8) + escaped(stream.utf8) + Array("/done/".utf8) + escaped(issue.utf8))
  }

  /// - Parameter path: of a file or directory, from the top of the repository.
  public static func claim(on path: [UInt8]) -> HivePath { HivePath(bytes: Array("claims/".utf8) + escaped(path)) }

  public static func memory(_ key: String) -> HivePath { HivePath(bytes: Array("memory/".utf8) + escaped(key.utf8)) }

  /// The form of the tree, so that a later one is known when it is seen.
  static let version = HivePath(bytes: Array("version".utf8))

  /// What is said there; `nil` for what this version does not know, which is carried along as it is.
  public var subject: Subject? {
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let names = parts.map { Self.unescaped($0) }
    func text(_ index: Int) -> String { String(decoding: names[index], as: UTF8.self) }
    switch (parts.first.map(Array.init), parts.count) {
    case (Array("streams".utf8), 3) where parts[2].elementsEqual("signal".utf8): return .signal(stream: text(1))
    case (Array("streams".utf8), 4) where parts[2].elementsEqual("done".utf8):
      return .done(issue: text(3), stream: text(1))
    case (Array("claims".utf8), 2): return .claim(path: names[1])
    case (Array("memory".utf8), 2): return .memory(key: text(1))
    default: return nil
    }
  }

  public enum Subject: Hashable, Sendable {
    case signal(stream: String)
    case done(issue: String, stream: String)
    case claim(path: [UInt8])
    case memory(key: String)
  }

  public static func < (left: HivePath, right: HivePath) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }

  // MARK: Escapes

  private static func escaped(_ name: some Collection<UInt8>) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    var result: [UInt8] = []
    for byte in name {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        result.append(byte)
      case UInt8(ascii: ".") where !result.isEmpty: result.append(byte)  // never ".", ".." or ".git"
      default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return result
  }

  private static func unescaped(_ name: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = name
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        result.append(UInt8(digits[0] << 4 | digits[1]))
        rest = rest.dropFirst(2)
      } else {
        result.append(byte)
      }
    }
    return result
  }
}
