/// Modules that export from one another, looked at as far as a question leads.
///
/// Names are resolved as ECMA-262 does it ("ResolveExport"): what a module exports itself wins over its stars, a star passes on
/// all but `default`, and a name that two stars bring from different places is ambiguous. Rings end where they close.
public final class ModuleGraph {
  /// Where a name comes from in the end.
  public struct Source: Hashable, Sendable {
    /// Of the module that declares it, or the last one whose text could be seen.
    public var path: [UInt8]
    public var line: Int
    /// The thing itself: two sources with the same binding are one.
    var binding: Binding
  }

  /// A name in a file of the repository, or in a package.
  struct Binding: Hashable, Sendable {
    var module: [UInt8]
    var name: [UInt8]
  }

  enum Resolution: Hashable {
    case found(Source)
    case absent
    case ambiguous
    /// A module on the way cannot be seen, or was not understood.
    case unsure
  }

  private struct Question: Hashable {
    var path: [UInt8]
    var name: [UInt8]
  }

  private static let depthLimit = 64

  private let load: ([UInt8]) -> ModuleExports?
  private let provides: ([UInt8]) -> Bool
  private var modules: [[UInt8]: ModuleExports?] = [:]
  private var targets: [Question: [UInt8]?] = [:]
  private var answers: [Question: Resolution] = [:]

  /// - Parameters:
  ///   - provides: whether there is a file of this path.
  ///   - load: what a file exports; `nil` where that cannot be told.
  public init(provides: @escaping ([UInt8]) -> Bool, load: @escaping ([UInt8]) -> ModuleExports?) {
    self.load = load
    self.provides = provides
  }

  /// Every file that was looked at so far.
  public var paths: Set<[UInt8]> { Set(modules.keys) }

  func module(_ path: [UInt8]) -> ModuleExports? {
    if let known = modules[path] { return known }
    let module = load(path)
    modules[path] = module
    return module
  }

  /// The file that a specifier in `path` names; `nil` for a package, and for what is not there.
  func file(_ specifier: [UInt8], from path: [UInt8]) -> [UInt8]? {
    let question = Question(path: path, name: specifier)
    if let known = targets[question] { return known }
    var file: [UInt8]?
    if let language = Language(path: path),
      case .file(let found) = ModuleResolver(path: path, language: language)
        .resolve(ExportStatement(.star, module: specifier), provides)
    {
      file = found
    }
    targets[question] = file
    return file
  }

  /// All that a star of `path` passes on, by name.
  func names(of path: [UInt8]) -> Set<[UInt8]> {
    var visited: Set<[UInt8]> = []
    var pending = [path]
    var names: Set<[UInt8]> = []
    while let next = pending.popLast() {
      guard visited.insert(next).inserted, let module = module(next) else { continue }
      names.formUnion(module.entries.map(\.name))
      pending += module.stars.compactMap { file($0.module, from: next) }
    }
    names.remove(Array("default".utf8))
    return names
  }

  /// Where `name`, as `path` exports it, comes from.
  func resolve(_ name: [UInt8], in path: [UInt8]) -> Resolution {
    var asked: Set<Question> = []
    return resolve(Question(path: path, name: name), &asked, depth: 0)
  }

  private func resolve(_ question: Question, _ asked: inout Set<Question>, depth: Int) -> Resolution {
    if let known = answers[question] { return known }
    guard depth < Self.depthLimit else { return .unsure }
    guard asked.insert(question).inserted else { return .absent }
    let isOutermost = depth == 0
    let answer = search(question, &asked, depth: depth)
    // What was found on the way round a ring holds for this way only.
    if isOutermost || asked.count == depth + 1 { answers[question] = answer }
    return answer
  }

  private func search(_ question: Question, _ asked: inout Set<Question>, depth: Int) -> Resolution {
    guard let module = module(question.path) else { return .unsure }
    if let entry = module.entries.first(where: { $0.name == question.name }) {
      return source(of: entry, in: question.path, &asked, depth: depth)
    }
    if !module.unsure.isEmpty { return .unsure }
    guard !question.name.elementsEqual("default".utf8) else { return .absent }
    var found: Source?
    var isUnsure = false
    for star in module.stars {
      guard let file = file(star.module, from: question.path) else { continue }
      switch resolve(Question(path: file, name: question.name), &asked, depth: depth + 1) {
      case .found(let source):
        if let found, found.binding != source.binding { return .ambiguous }
        found = found ?? source
      case .ambiguous: return .ambiguous
      case .unsure: isUnsure = true
      case .absent: break
      }
    }
    return found.map { .found($0) } ?? (isUnsure ? .unsure : .absent)
  }

  private func source(
    of entry: ModuleExports.Entry, in path: [UInt8], _ asked: inout Set<Question>, depth: Int
  ) -> Resolution {
    func here(_ module: [UInt8], _ name: [UInt8]) -> Resolution {
      .found(Source(path: path, line: entry.line, binding: Binding(module: module, name: name)))
    }
    switch entry.origin {
    case .declaration: return here(path, entry.name)
    case .local(let name): return here(path, name)
    case .module(let specifier, let name):
      guard let file = file(specifier, from: path) else { return here(specifier, name) }
      if name.elementsEqual("*".utf8) { return here(file, name) }
      switch resolve(Question(path: file, name: name), &asked, depth: depth + 1) {
      case .found(let source): return .found(source)
      case .ambiguous: return .ambiguous
      // Its text does not say more: the name there is what both sides would mean.
      case .absent: return here(file, name)
      case .unsure: return .unsure
      }
    }
  }

  /// For a statement of `path` itself.
  func resolve(_ entry: ModuleExports.Entry, in path: [UInt8]) -> Resolution {
    var asked: Set<Question> = []
    return source(of: entry, in: path, &asked, depth: 0)
  }
}
