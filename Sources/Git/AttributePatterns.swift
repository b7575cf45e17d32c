/// The lines of one file of attributes that give a path one of some attributes; see gitattributes(5).
struct AttributePatterns {
  private var patterns: [[UInt8]] = []

  /// - Parameter names: attributes, and macros that set them.
  init(_ contents: [UInt8], mentioning names: Set<[UInt8]>) {
    var names = names
    for line in contents.split(separator: UInt8(ascii: "\n")) {
      let words = Self.words(line)
      guard let first = words.first, first.first != UInt8(ascii: "#"),
        words.dropFirst().contains(where: { names.contains(Self.name($0)) })
      else { continue }
      if first.starts(with: "[attr]".utf8) {
        names.insert(Array(first.dropFirst("[attr]".utf8.count)))
      } else {
        patterns.append(first)
      }
    }
  }

  /// Whether one of the lines may match. A class in brackets is taken to match anything, and so is a pattern in quotes or
  /// with many stars: these are rare, and nobody is harmed when git is asked.
  ///
  /// - Parameter path: from the directory of the file.
  func mayMatch(_ path: ArraySlice<UInt8>) -> Bool {
    patterns.contains { pattern in
      let pattern = pattern[...]
      if pattern.first == UInt8(ascii: "\"") || pattern.count(where: { $0 == UInt8(ascii: "*") }) > 8 { return true }
      guard let slash = pattern.firstIndex(of: UInt8(ascii: "/")) else {
        let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? path
        return Self.match(pattern, name)
      }
      return Self.match(slash == pattern.startIndex ? pattern.dropFirst() : pattern, path)
    }
  }

  private static func words(_ line: ArraySlice<UInt8>) -> [[UInt8]] {
    line.split { [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains($0) }.map(Array.init)
  }

  /// `-name`, `!name` and `name=value` are about `name`.
  private static func name(_ word: [UInt8]) -> [UInt8] {
    let bare = word.first == UInt8(ascii: "-") || word.first == UInt8(ascii: "!") ? word.dropFirst() : word[...]
    return Array(bare.prefix { $0 != UInt8(ascii: "=") })
  }

  private static func match(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    let rest = pattern.dropFirst()
    switch first {
    case UInt8(ascii: "*"):
      if rest.first == UInt8(ascii: "*") {
        var after = rest.drop { $0 == UInt8(ascii: "*") }
        if match(after, path) { return true }
        if after.first == UInt8(ascii: "/") { after = after.dropFirst() }  // "**/" is nothing, too
        return path.indices.contains { match(after, path[$0...]) } || after.isEmpty
      }
      if match(rest, path) { return true }
      guard let byte = path.first, byte != UInt8(ascii: "/") else { return false }
      return match(pattern, path.dropFirst())
    case UInt8(ascii: "["):
      guard let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "]")), !path.isEmpty else { return !path.isEmpty }
      return match(pattern[(end + 1)...], path.dropFirst())
    case UInt8(ascii: "?"):
      guard let byte = path.first, byte != UInt8(ascii: "/") else { return false }
      return match(rest, path.dropFirst())
    case UInt8(ascii: "\\"):
      guard let literal = rest.first, literal == path.first else { return false }
      return match(rest.dropFirst(), path.dropFirst())
    default: return first == path.first && match(rest, path.dropFirst())
    }
  }
}
