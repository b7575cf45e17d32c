/// See the Python language reference, "The import system". What a name is that a package gives cannot be told from paths, but
/// `from . import x` in an `__init__.py` can only mean a submodule: the package itself is being made there.
extension ModuleResolver {
  private static let endings = [".py", "/__init__.py", ".pyi", "/__init__.pyi", ".pyx"]

  func pythonCandidates(for statement: ExportStatement) -> Candidates {
    guard let module = statement.module, module.first == UInt8(ascii: ".") else { return Candidates() }
    let dots = module.prefix { $0 == UInt8(ascii: ".") }.count
    let up = Array(repeating: ArraySlice("..".utf8), count: dots - 1)
    let names = module.dropFirst(dots).split(separator: UInt8(ascii: "."))
    guard let path = resolvedPath(of: up + names) else { return Candidates() }
    let below = path.isEmpty ? [] : path + "/".utf8
    guard !names.isEmpty else {
      let isOwnPackage = dots == 1 && fileName.starts(with: "__init__.".utf8)
      let groups = statement.names.map { name in Self.endings.map { below + name.original + $0.utf8 } }
      return Candidates(groups: groups, isCertain: isOwnPackage)
    }
    // A directory without `__init__.py` is a package as well, of which only submodules can be imported.
    let submodules = statement.names.flatMap { name in Self.endings.map { below + name.original + $0.utf8 } }
    return Candidates(groups: [Self.endings.map { path + $0.utf8 } + submodules])
  }
}
