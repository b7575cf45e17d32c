/// The path of a file: any bytes but NUL, as the kernel takes them.
///
/// A path is not text: two spellings of é are two files, and a name need not be UTF-8. Use `description` to show one only
/// after it has been neutralised for a terminal.
public struct FilePath: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringInterpolation {
  public var bytes: [UInt8]

  public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
  public init(_ text: String) { bytes = Array(text.utf8) }
  public init(stringLiteral text: String) { self.init(text) }

  /// As UTF-8, what is not UTF-8 replaced.
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  public var isAbsolute: Bool { bytes.first == slash }

  /// The part after the last slash.
  public var lastComponent: FilePath {
    let trimmed = withoutTrailingSlashes
    guard let last = trimmed.bytes.lastIndex(of: slash) else { return trimmed }
    return FilePath(trimmed.bytes[(last + 1)...])
  }

  /// Everything before the last slash; "." for a bare name, "/" for what stands in the root.
  public var parent: FilePath {
    let trimmed = withoutTrailingSlashes
    guard let last = trimmed.bytes.lastIndex(of: slash) else { return "." }
    return last == 0 ? "/" : FilePath(trimmed.bytes[..<last])
  }

  public var withoutTrailingSlashes: FilePath {
    var bytes = bytes
    while bytes.count > 1, bytes.last == slash { bytes.removeLast() }
    return FilePath(bytes)
  }

  /// `component` below this directory; an absolute one replaces it, as a shell's `cd` would.
  public func appending(_ component: some Sequence<UInt8>) -> FilePath { appending(Array(component)) }

  public func appending(_ component: [UInt8]) -> FilePath {
    if component.first == slash || bytes.isEmpty { return FilePath(component) }
    if component.isEmpty { return self }
    return FilePath(bytes.last == slash ? bytes + component : bytes + [slash] + component)
  }

  public func appending(_ component: String) -> FilePath { appending(Array(component.utf8)) }

  public static func / (directory: FilePath, component: String) -> FilePath { directory.appending(component) }

  /// Without `.` and `..`, and without asking the disk: only for paths that hold no symbolic links.
  public var normalized: FilePath {
    var parts: [ArraySlice<UInt8>] = []
    for part in bytes.split(separator: slash) where part != [dot] {
      if part == [dot, dot], let last = parts.last, last != [dot, dot] {
        parts.removeLast()
      } else if part != [dot, dot] || !isAbsolute {
        parts.append(part)
      }
    }
    let joined = Array(parts.joined(separator: [slash]))
    return FilePath(isAbsolute ? [slash] + joined : joined.isEmpty ? [dot] : joined)
  }

  /// This path as seen from `directory`; both absolute.
  public func relative(to directory: FilePath) -> FilePath {
    let own = normalized.bytes.split(separator: slash)
    let other = directory.normalized.bytes.split(separator: slash)
    let shared = zip(own, other).prefix { $0 == $1 }.count
    let up = Array(repeating: [dot, dot][...], count: other.count - shared)
    let joined = Array((up + own[shared...]).joined(separator: [slash]))
    return FilePath(joined.isEmpty ? [dot] : joined)
  }

  /// Whether this is `directory` or something below it; both in one form (absolute and resolved).
  public func isInside(_ directory: FilePath) -> Bool {
    let prefix = directory.withoutTrailingSlashes.bytes
    guard bytes.starts(with: prefix) else { return false }
    return bytes.count == prefix.count || prefix == [slash] || bytes[prefix.count] == slash
  }
}

private let slash = UInt8(ascii: "/")
private let dot = UInt8(ascii: ".")
