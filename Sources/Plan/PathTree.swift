/// The files of a commit, sorted, to look below directories and for what a mistaken pattern probably meant.
public struct PathTree: Sendable {
  private let paths: [[UInt8]]

  /// - Parameter paths: of files, in any order.
  public init(_ paths: [[UInt8]]) {
    self.paths = paths.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The files that match, in bytewise order; only those below the pattern's literal directories are looked at.
  public func matches(of pattern: Pattern) -> [[UInt8]] {
    let compiled = CompiledPattern(pattern)
    let directory = compiled.alternatives.count == 1 ? compiled.alternatives[0].literalDirectory : []
    return files(below: directory).filter(compiled.matches)
  }

  /// A pattern near one that matches nothing: with one directory spelt as it is on disk, else the same file name
  /// elsewhere, else the nearest entry of the deepest directory that exists.
  public func nearest(to pattern: Pattern) -> Pattern? {
    let parts = pattern.text.utf8.split(separator: .slash).map(Array.init)
    guard !parts.isEmpty, CompiledPattern(pattern).alternatives.count == 1 else { return nil }
    let existing = existingDirectory(of: parts)
    guard existing < parts.count else { return nil }
    let directory = parts[..<existing].joined(separator: [.slash])
    let wrong = parts[existing]
    guard Pattern(String(decoding: wrong, as: UTF8.self)).literalPath != nil else { return nil }
    let entries = entries(of: Array(directory)).sorted { Self.isNearer($0.name, $1.name, to: wrong) }
    let tail = pattern.text.utf8.last == .slash ? [[UInt8]()] : []
    for entry in entries {
      let name = Array(Pattern(literal: entry.name).text.utf8)
      let corrected = parts[..<existing] + [name] + parts[(existing + 1)...] + tail
      let candidate = Pattern(String(decoding: Array(corrected.joined(separator: [.slash])), as: UTF8.self))
      if Self.distance(entry.name, wrong) < 1, !matches(of: candidate).isEmpty { return candidate }
    }
    return sameNameElsewhere(pattern, parts)
      ?? nearestEntry(
        entries.filter { $0.isDirectory == (existing < parts.count - 1 || !tail.isEmpty) || $0.isModule(of: wrong) },
        to: wrong, in: Array(parts[..<existing]))
  }

  private func nearestEntry(_ entries: [Entry], to wrong: [UInt8], in directory: [[UInt8]]) -> Pattern? {
    // File names share endings, and so look alike sooner than directories do.
    guard let entry = entries.first, Self.distance(entry.name, wrong) <= (entry.isDirectory ? 0.5 : 0.34) else {
      return nil
    }
    let path = Array((directory + [entry.name]).joined(separator: [.slash]))
    return Pattern(Pattern(literal: path).text + (entry.isDirectory ? "/**" : ""))
  }

  /// The file of the same name whose directories have the most names in common, two or more (one for a pattern of one
  /// directory): an `index.ts` just anywhere is not what was meant.
  private func sameNameElsewhere(_ pattern: Pattern, _ parts: [[UInt8]]) -> Pattern? {
    guard pattern.literalPath != nil, parts.count > 1, let name = parts.last else { return nil }
    var best: (path: [UInt8], shared: Int)?
    for path in paths where path.suffix(name.count).elementsEqual(name) {
      let other = path.split(separator: .slash)
      guard other.last?.elementsEqual(name) == true else { continue }
      let shared = Set(other.dropLast().map(Array.init)).intersection(parts.dropLast()).count
      if shared > best?.shared ?? min(1, parts.count - 2) { best = (path, shared) }
    }
    return best.map { Pattern(literal: $0.path) }
  }

  // MARK: - The tree

  private struct Entry {
    var name: [UInt8]
    var isDirectory: Bool

    /// `import/` is where `import.ts` may have gone.
    func isModule(of file: [UInt8]) -> Bool { isDirectory && file.starts(with: name + [UInt8(ascii: ".")]) }
  }

  /// How many leading components are a directory.
  private func existingDirectory(of parts: [[UInt8]]) -> Int {
    var count = 0
    while count < parts.count - 1, !files(below: Array(parts[...count].joined(separator: [.slash]))).isEmpty {
      count += 1
    }
    return count
  }

  private func entries(of directory: [UInt8]) -> [Entry] {
    var entries: [Entry] = []
    let depth = directory.isEmpty ? 0 : directory.count + 1
    for path in files(below: directory) {
      let rest = path[depth...]
      let name = Array(rest.prefix { $0 != .slash })
      if entries.last?.name != name { entries.append(Entry(name: name, isDirectory: name.count < rest.count)) }
    }
    return entries
  }

  private func files(below directory: [UInt8]) -> ArraySlice<[UInt8]> {
    guard !directory.isEmpty else { return paths[...] }
    let start = paths.firstIndex(notBefore: directory + [.slash])
    return paths[start..<paths.firstIndex(notBefore: directory + [.slash + 1])]
  }

  // MARK: - Nearness

  private static func isNearer(_ left: [UInt8], _ right: [UInt8], to word: [UInt8]) -> Bool {
    distance(left, word) < distance(right, word)
  }

  /// From 0, equal, to 1, nothing in common; an abbreviation (`db` for `database`) is half way at most.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Double {
    let edits = Double(Spelling.distance(left, right)) / Double(max(left.count, right.count, 1))
    return isAbbreviation(left, of: right) || isAbbreviation(right, of: left) ? min(edits, 0.5) : edits
  }

  private static func isAbbreviation(_ short: [UInt8], of long: [UInt8]) -> Bool {
    guard short.count >= 2, short.count < long.count, short.first == long.first else { return false }
    var rest = short[...]
    for byte in long where byte == rest.first { rest.removeFirst() }
    return rest.isEmpty
  }
}

extension [[UInt8]] {
  /// In a sorted list, the first index whose path does not come before `bound`.
  fileprivate func firstIndex(notBefore bound: [UInt8]) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].lexicographicallyPrecedes(bound) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension [CompiledPattern.Component] {
  /// The leading components that are literal, less the last of all.
  fileprivate var literalDirectory: [UInt8] {
    var names: [[UInt8]] = []
    for case .literal(let name) in dropLast().prefix(while: { if case .literal = $0 { true } else { false } }) {
      names.append(name)
    }
    return Array<UInt8>(names.joined(separator: [.slash]))
  }
}
