/// Reads what a module of Python gives to `from … import *`: what its `__all__` lists, else the public names that are bound at
/// its top level, in the first column. See the Python language reference, "The import statement".
struct PythonModule {
  private let bytes: [UInt8]
  /// The last binding of each name.
  private var bound: [[UInt8]: ModuleExports.Entry] = [:]
  /// What `__all__` names, each where it was said last.
  private var listed: [[UInt8]: ModuleExports.Entry] = [:]
  private var result = ModuleExports()

  static func exports(of bytes: [UInt8]) -> ModuleExports {
    var module = PythonModule(bytes)
    module.read()
    return module.result
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private mutating func read() {
    let barrel = Barrel(bytes, language: .python)
    for item in barrel.items {
      let line = barrel.position(of: item).line
      if let statement = item.liveStatement {
        result.statementCount += 1
        read(statement, line: line)
      } else if case .other = item.content {
        readCode(item.range, line: line)
      }
    }
    if listed.isEmpty {
      result.entries = Self.inOrder(bound.values.filter { $0.name.first != UInt8(ascii: "_") })
      return
    }
    let named = Self.inOrder(listed.values)
    result.entries = Self.inOrder(named.map { bound[$0.name] ?? $0 })
    // Which of the listed names a star has brought cannot be told here.
    if !result.stars.isEmpty, let unbound = named.first(where: { bound[$0.name] == nil }) {
      result.entries.removeAll { bound[$0.name] == nil }
      result.unsure.append(unbound.line)
    }
    result.stars = []
  }

  private mutating func read(_ statement: ExportStatement, line: Int) {
    switch statement.kind {
    case .star:
      if let module = statement.module { result.stars.append(.init(module, line: line)) }
    case .list:
      for name in statement.names { listed[name.exported] = .init(name.exported, .local(name.exported), line: line) }
    default:
      guard let module = statement.module else { return }
      for name in statement.names { bind(name.exported, .module(module, name: name.original), line: line) }
    }
  }

  /// `def`, `class` and assignments; an `__all__` that is no list of plain strings leaves everything unsure.
  private mutating func readCode(_ range: Range<Int>, line: Int) {
    guard bytes[range.lowerBound].isWord else { return }
    let end = bytes[range].firstIndex(of: .newline) ?? range.upperBound
    var words = bytes[range.lowerBound..<end].split { !$0.isWord }[...]
    if words.first?.elementsEqual("async".utf8) == true { words.removeFirst() }
    guard let first = words.first else { return }
    if first.elementsEqual("def".utf8) || first.elementsEqual("class".utf8) {
      guard let name = words.dropFirst().first else { return }
      bind(Array(name), .local(Array(name)), line: line)
    } else if first.elementsEqual("__all__".utf8) {
      result.statementCount += 1
      result.unsure.append(line)
    } else {
      let rest = bytes[first.endIndex..<end].drop(while: \.isBlank)
      let isAssigned = rest.first == UInt8(ascii: "=") && rest.dropFirst().first != UInt8(ascii: "=")
      guard first.startIndex == range.lowerBound,
        isAssigned || rest.first == UInt8(ascii: ":") && rest.contains(UInt8(ascii: "="))
      else { return }
      bind(Array(first), .local(Array(first)), line: line)
    }
  }

  private static func inOrder(_ entries: some Sequence<ModuleExports.Entry>) -> [ModuleExports.Entry] {
    entries.sorted { $0.line != $1.line ? $0.line < $1.line : $0.name.lexicographicallyPrecedes($1.name) }
  }

  private mutating func bind(_ name: [UInt8], _ origin: ModuleExports.Origin, line: Int) {
    bound[name] = .init(name, origin, line: line)
  }
}
