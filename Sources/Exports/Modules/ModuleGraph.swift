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

    func hash(into hasher: inout Hasher) {
      path.withUnsafeBytes { hasher.combine(bytes: $0) }
      name.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  /// What was found out about files.
  private struct Knowledge {
    var modules: [ByteKey: ModuleExports?] = [:]
    /// Where specifiers lead to, with the paths that were asked about on the way.
    var targets: [Question: (file: [UInt8]?, asked: [[UInt8]])] = [:]
    var verdicts: [ByteKey: Verdict] = [:]
  }

  private static let depthLimit = 64

  private let load: ([UInt8]) -> ModuleExports?
  private let provides: ([UInt8]) -> Bool
  private var own = Knowledge()
  private var answers: [Question: Resolution] = [:]
  /// What holds here where it was not learnt from one of the files that differ.
  private let inherited: Knowledge
  private let differing: Set<ByteKey>

  /// - Parameters:
  ///   - provides: whether there is a file of this path.
  ///   - load: what a file exports; `nil` where that cannot be told.
  public init(provides: @escaping ([UInt8]) -> Bool, load: @escaping ([UInt8]) -> ModuleExports?) {
    self.load = load
    self.provides = provides
    inherited = Knowledge()
    differing = []
  }

  /// A graph of nearly the same files: what `origin` has found out by now is not asked for again.
  ///
  /// - Parameter differing: of the paths that `origin` has `asked` about, at least those of which `provides` or `load` say
  ///   something else here.
  public init(
    like origin: ModuleGraph, except differing: some Sequence<[UInt8]>, provides: @escaping ([UInt8]) -> Bool,
    load: @escaping ([UInt8]) -> ModuleExports?
  ) {
    self.load = load
    self.provides = provides
    inherited = origin.own
    self.differing = Set(differing.map(ByteKey.init))
  }

  /// Every file that was looked at so far.
  public var paths: Set<[UInt8]> { Set(own.modules.keys.map(\.bytes)) }

  /// Every path that something was asked about so far: whether it is there, or what it exports.
  public var asked: Set<[UInt8]> { own.targets.values.reduce(into: paths) { $0.formUnion($1.asked) } }

  func module(_ path: [UInt8]) -> ModuleExports? {
    let key = ByteKey(path)
    if let known = own.modules[key] { return known }
    if let known = inherited.modules[key], !differing.contains(key) { return known }
    let module = load(path)
    own.modules[key] = .some(module)
    return module
  }

  /// The file that a specifier in `path` names; `nil` for a package, and for what is not there.
  func file(_ specifier: [UInt8], from path: [UInt8]) -> [UInt8]? {
    let question = Question(path: path, name: specifier)
    if let known = own.targets[question] { return known.file }
    if let known = inherited.targets[question], !known.asked.contains(where: { differing.contains(ByteKey($0)) }) {
      return known.file
    }
    var target: (file: [UInt8]?, asked: [[UInt8]]) = (nil, [])
    if let language = Language(path: path) {
      let resolver = ModuleResolver(path: path, language: language)
      let resolution = resolver.resolve(ExportStatement(.star, module: specifier)) { path in
        target.asked.append(path)
        return provides(path)
      }
      if case .file(let found) = resolution { target.file = found }
    }
    own.targets[question] = target
    return target.file
  }

  /// The same answer where nothing that it was made of differs.
  func verdict(on path: [UInt8], _ judge: () -> Verdict) -> Verdict {
    let key = ByteKey(path)
    if let known = own.verdicts[key] { return known }
    if differing.isEmpty, let known = inherited.verdicts[key] { return known }
    let verdict = judge()
    own.verdicts[key] = verdict
    return verdict
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
