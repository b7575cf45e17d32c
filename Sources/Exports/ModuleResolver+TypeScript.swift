/// See the TypeScript handbook, "Modules: theory" and "Modules: reference": a written extension stands for the source's, and a
/// bundler also finds a path without one, and directories.
extension ModuleResolver {
  private static let sources: [(written: String, sources: [String])] = [
    (".js", [".ts", ".tsx", ".d.ts", ".js", ".jsx"]),
    (".jsx", [".tsx", ".ts", ".d.ts", ".jsx"]),
    (".mjs", [".mts", ".d.mts", ".mjs"]),
    (".cjs", [".cts", ".d.cts", ".cjs"]),
  ]
  private static let endings = [
    ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mts", ".d.mts", ".mjs", ".cts", ".d.cts", ".cjs", ".json", ".vue",
    ".svelte",
  ]

  /// What a relative specifier stands for; `nil` for a package, and for what leads out of the repository.
  private func target(of statement: ExportStatement) -> (path: [UInt8], isDirectory: Bool)? {
    guard let module = statement.module, isRelative(module) else { return nil }
    let plain = module.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    let parts = plain.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let path = resolvedPath(of: parts) else { return nil }
    return (path, [".", "..", ""].contains { parts.last?.elementsEqual($0.utf8) ?? false })
  }

  /// Of a source file written as what it is compiled to.
  func likeliestTypeScriptFile(for statement: ExportStatement) -> [UInt8]? {
    if let file = plainNeighbour(statement) { return file }
    guard let (path, isDirectory) = target(of: statement), !isDirectory else { return nil }
    let written = Self.sources.first { path.count > $0.written.utf8.count && hasEnding(path, $0.written) }
    return written.map { path.dropLast($0.written.utf8.count) + $0.sources[0].utf8 }
  }

  /// The same for what most statements of a barrel say, `./name.js` and `./below/name.js`: cut and joined once.
  private func plainNeighbour(_ statement: ExportStatement) -> [UInt8]? {
    let ending = 3
    guard let module = statement.module, module.count > 2 + ending, module.starts(with: "./".utf8),
      module.holds(".js".utf8, at: module.count - ending)
    else { return nil }
    var isStart = true
    for byte in module[2..<module.count - ending] {
      switch byte {
      // A name that begins with a dot may be a way up, and an empty one says nothing.
      case UInt8(ascii: "."), UInt8(ascii: "/"): if isStart { return nil }
      case UInt8(ascii: "?"), UInt8(ascii: "#"): return nil
      default: break
      }
      isStart = byte == UInt8(ascii: "/")
    }
    if isStart { return nil }
    var file: [UInt8] = []
    file.reserveCapacity(path.count + module.count)
    file += path[..<((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)]
    file += module[2..<module.count - ending]
    file += ".ts".utf8
    return file
  }

  func typeScriptCandidates(for statement: ExportStatement) -> Candidates {
    guard let (path, isDirectory) = target(of: statement) else { return Candidates() }
    guard !isDirectory else { return Candidates(groups: [indexFiles(in: path)]) }

    var candidates: [[UInt8]] = []
    for (written, sources) in Self.sources where path.count > written.utf8.count && hasEnding(path, written) {
      let stem = Array(path.dropLast(written.utf8.count))
      candidates += sources.map { stem + $0.utf8 } + indexFiles(in: stem)
    }
    if hasEnding(path, ".json") { candidates = [path, path.dropLast(5) + ".d.json.ts".utf8] }
    let written = hasWrittenExtension(path) ? [path] : []
    return Candidates(groups: [
      candidates + written + Self.endings.map { path + $0.utf8 } + (written.isEmpty ? [path] : [])
        + indexFiles(in: path)
    ])
  }

  private func isRelative(_ module: [UInt8]) -> Bool {
    [".", ".."].contains { module.elementsEqual($0.utf8) } || ["./", "../"].contains { module.starts(with: $0.utf8) }
  }

  /// Whether the path ends as a source file does, so that it is likelier a file's than a stem.
  private func hasWrittenExtension(_ path: [UInt8]) -> Bool { Self.endings.contains { hasEnding(path, $0) } }

  private func hasEnding(_ path: [UInt8], _ ending: String) -> Bool {
    path.suffix(ending.utf8.count).elementsEqual(ending.utf8)
  }

  private func indexFiles(in directory: [UInt8]) -> [[UInt8]] {
    let prefix = directory.isEmpty ? [] : directory + "/".utf8
    return Self.endings.map { prefix + "index".utf8 + $0.utf8 } + [prefix + "package.json".utf8]
  }
}
