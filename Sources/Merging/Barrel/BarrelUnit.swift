import Exports

/// A statement, stub, import, line of comment or of code of a barrel in plain form.
struct BarrelUnit: MergeUnit {
  enum Identity: Hashable {
    /// With how many of the same stand above it.
    case export(ExportStatement.Identity, Int)
    case imported([UInt8])
    /// What is exported or imported from a module, whatever it is.
    case module([UInt8], isImport: Bool)
    /// What has no module: a list of names, of which a file has one as a rule.
    case list(ExportStatement.Kind)
  }

  let identity: Identity?
  let nearIdentity: Identity?
  let role: UnitRole
  let text: [UInt8]
  let sortKey: [UInt8]
  /// What is exported, for a statement or a stub.
  let export: BarrelExport?

  private init(
    role: UnitRole, text: [UInt8], identity: Identity? = nil, nearIdentity: Identity? = nil, sortKey: [UInt8]? = nil,
    export: BarrelExport? = nil
  ) {
    self.role = role
    self.text = text
    self.identity = identity
    self.nearIdentity = nearIdentity
    self.sortKey = sortKey ?? text
    self.export = export
  }

  static func units(of text: [UInt8], _ language: Language) -> [BarrelUnit] {
    let barrel = Barrel(text, language: language)
    var seen: [ExportStatement.Identity: Int] = [:]
    var units: [BarrelUnit] = []
    var first = 0
    for index in barrel.items.indices where barrel.bytes(of: barrel.items[index]).last == 0x0A {
      let items = barrel.items[first...index]
      first = index + 1
      if items.count > 1 {
        // Several on one line cannot be told apart by lines.
        units.append(BarrelUnit(role: .code, text: items.flatMap { barrel.bytes(of: $0) }))
      } else if let export = BarrelExport(barrel.items[index], in: barrel) {
        let identity = export.statement.identity
        units.append(
          BarrelUnit(export, occurrence: seen[identity, default: 0], text: barrel.items[index].text(in: barrel)))
        seen[identity, default: 0] += 1
      } else {
        units += other(barrel.items[index], in: barrel)
      }
    }
    return units
  }

  private init(_ export: BarrelExport, occurrence: Int, text: [UInt8]) {
    let statement = export.statement
    let near: Identity? =
      if let module = statement.module {
        .module(ModuleStem.of(module), isImport: false)
      } else if statement.kind == .list || statement.kind == .named {
        .list(statement.kind)
      } else {
        nil
      }
    self.init(
      role: .member, text: text, identity: .export(statement.identity, occurrence), nearIdentity: near,
      sortKey: (statement.module ?? []) + [0] + export.body, export: export)
  }

  func includes(_ other: BarrelUnit, since base: BarrelUnit?) -> Bool {
    text == other.text || BarrelUnit.combined(base: base, ours: other, theirs: self)?.text == text
  }

  /// What becomes of one that both sides changed, or added, not in the same way; `nil` where a person must say.
  static func combined(
    base: BarrelUnit?, ours: BarrelUnit, theirs: BarrelUnit
  ) -> (decision: MergeDecision.Kind, subject: [UInt8], text: [UInt8])? {
    if let left = ours.export, let right = theirs.export {
      guard (base == nil) == (base?.export == nil),
        let (export, isCombined) = BarrelExport.merged(base: base?.export, ours: left, theirs: right)
      else { return nil }
      let isStubAnswered = base == nil && left.state != right.state
      let decision: MergeDecision.Kind =
        isStubAnswered ? .broughtToLife : base == nil && !isCombined ? .countedOnce : .combined
      return (decision, export.body, export.text)
    }
    guard ours.export == nil, theirs.export == nil, ours.role == .member, theirs.role == .member,
      let text = NameList.merged(base: base?.text, ours: ours.text, theirs: theirs.text)
    else { return nil }
    return (.combined, text, text)
  }

  private static func other(_ item: Barrel.Item, in barrel: Barrel) -> [BarrelUnit] {
    let text = item.text(in: barrel)
    switch item.content {
    case .blank: return [BarrelUnit(role: .blank, text: text)]
    case .comment: return commentLines(text, barrel.language).map { BarrelUnit(role: .comment, text: $0) }
    case .statement, .stub, .other:
      guard let module = ImportLine.module(in: text, barrel.language) else {
        return [BarrelUnit(role: .code, text: text)]
      }
      let identity = Identity.imported(text.filter { $0 != 0x20 && $0 != 0x0A && $0 != 0x09 })
      return [
        BarrelUnit(
          role: .member, text: text, identity: identity, nearIdentity: .module(ModuleStem.of(module), isImport: true),
          sortKey: module + [0] + text)
      ]
    }
  }

  /// Each line by itself where each is a line comment; what a block comment spans stays together.
  private static func commentLines(_ text: [UInt8], _ language: Language) -> [[UInt8]] {
    let sign = Array((language == .python ? "#" : "//").utf8)
    let lines = Lines(text)[0...].map(Array.init)
    let isPlain = lines.allSatisfy { line in line.drop { $0 == 0x20 || $0 == 0x09 }.starts(with: sign) }
    return isPlain ? lines : [text]
  }
}

extension Barrel.Item {
  fileprivate func text(in barrel: Barrel) -> [UInt8] { Array(barrel.bytes(of: self)) }
}

/// What files of one module are called with and without their endings.
enum ModuleStem {
  private static let endings: [[UInt8]] = [".js", ".ts", ".mjs", ".mts", ".cjs", ".cts", ".jsx", ".tsx"].map {
    Array($0.utf8)
  }

  static func of(_ module: [UInt8]) -> [UInt8] {
    let ending = endings.first { module.suffix($0.count).elementsEqual($0) }
    let stem = module.dropLast(ending?.count ?? 0)
    let index = Array("/index".utf8)
    return Array(stem.suffix(index.count).elementsEqual(index) ? stem.dropLast(index.count) : stem)
  }
}

/// A line that takes in what others export.
enum ImportLine {
  /// What it is taken from, as far as the line tells: its last string, else its first word.
  static func module(in text: [UInt8], _ language: Language) -> [UInt8]? {
    let keyword = Array((language == .rust ? "use" : "import").utf8)
    guard text.starts(with: keyword), let next = text.dropFirst(keyword.count).first else { return nil }
    let rest = text.dropFirst(keyword.count).drop { $0 == 0x20 }
    // `import('x')` and `import.meta` are expressions.
    guard !next.isWordByte, rest.first != UInt8(ascii: "("), rest.first != UInt8(ascii: ".") else { return nil }
    for quote in [UInt8(ascii: "'"), UInt8(ascii: "\"")] {
      if let end = rest.lastIndex(of: quote), let start = rest[..<end].lastIndex(of: quote) {
        return Array(rest[(start + 1)..<end])
      }
    }
    return Array(rest.prefix { $0 != 0x20 && $0 != 0x0A && $0 != UInt8(ascii: ";") })
  }
}

extension UInt8 {
  var isWordByte: Bool {
    self == UInt8(ascii: "_") || self == UInt8(ascii: "$") || self >= 0x80
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) || (0x61...0x7A).contains(self | 0x20)
  }
}
