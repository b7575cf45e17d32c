/// See the Rust reference, "Module source filenames". A path in a `use` may as well begin with a crate or a module written in
/// the file, so that it is never missing for certain.
extension ModuleResolver {
  /// Files that are the root of a crate, or the module that their directory is named for: theirs stand beside them.
  private static let roots = ["lib.rs", "main.rs", "mod.rs", "build.rs"]
  /// Directories whose every file cargo takes as the root of a crate.
  private static let rootDirectories = ["bin", "tests", "examples", "benches"]

  func rustCandidates(for statement: ExportStatement) -> Candidates {
    guard let module = statement.module else { return Candidates() }
    if statement.kind == .submodule { return Candidates(groups: [files(named: module)]) }
    let parts = module.split(separator: UInt8(ascii: ":")).drop { $0.elementsEqual("self".utf8) }
    guard let first = parts.first, !["crate", "super"].contains(where: { first.elementsEqual($0.utf8) }) else {
      return Candidates()
    }
    return Candidates(groups: [files(named: Array(first))], isCertain: false)
  }

  private func files(named module: [UInt8]) -> [[UInt8]] {
    let isRoot = Self.roots.contains { fileName.elementsEqual($0.utf8) }
    let mayBeRoot = Self.rootDirectories.contains { directory.last?.elementsEqual($0.utf8) ?? false }
    var directories: [[[UInt8]]] = []
    if !isRoot { directories.append(directory + [Array(fileName.dropLast(".rs".utf8.count))]) }
    if isRoot || mayBeRoot { directories.append(directory) }
    return directories.flatMap { directory in
      let stem = Array((directory + [module]).joined(separator: "/".utf8))
      return [stem + ".rs".utf8, stem + "/mod.rs".utf8]
    }
  }
}
