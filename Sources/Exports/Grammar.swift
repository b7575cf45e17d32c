/// What must be known of a language to find its export statements; one row a language.
struct Grammar: Sendable {
  enum BlockComments { case none, plain, nested }
  enum Literals {
    /// With elements: `<a href={b}>text</a>` is a value, as in `.tsx` and `.js`.
    case javaScript(hasElements: Bool)
    case python, rust, swift
  }

  let lineComment: [UInt8]
  let blockComments: BlockComments
  let literals: Literals
  /// Whether a backslash at its end carries a line on.
  let joinsLines: Bool
  /// Whether a statement counts only where its line begins without a blank: elsewhere it is part of something.
  let startsInFirstColumn: Bool
  /// The words that an export statement begins with; `#` and `@` stand for an attribute.
  let starts: Set<[UInt8]>
  /// Reads a statement with its terminator from where the cursor stands; `nil` for what is none, or is not understood. It reads
  /// at most to the next of `starts` or to the end of what is bracketed, so that trying at every start stays linear.
  let read: @Sendable (inout TokenCursor) -> ExportStatement?

  private init(
    lineComment: String, blockComments: BlockComments, literals: Literals, joinsLines: Bool = false,
    startsInFirstColumn: Bool = false, starts: [String],
    read: @escaping @Sendable (inout TokenCursor) -> ExportStatement?
  ) {
    self.lineComment = Array(lineComment.utf8)
    self.blockComments = blockComments
    self.literals = literals
    self.joinsLines = joinsLines
    self.startsInFirstColumn = startsInFirstColumn
    self.starts = Set(starts.map { Array($0.utf8) })
    self.read = read
  }

  static let typeScript = Grammar(
    lineComment: "//", blockComments: .plain, literals: .javaScript(hasElements: false), starts: ["export"],
    read: readTypeScript)
  static let typeScriptWithElements = Grammar(
    lineComment: "//", blockComments: .plain, literals: .javaScript(hasElements: true), starts: ["export"],
    read: readTypeScript)
  static let python = Grammar(
    lineComment: "#", blockComments: .none, literals: .python, joinsLines: true, startsInFirstColumn: true,
    starts: ["from", "__all__"], read: readPython)
  static let rust = Grammar(
    lineComment: "//", blockComments: .nested, literals: .rust, starts: ["pub", "#"], read: readRust)
  static let swift = Grammar(
    lineComment: "//", blockComments: .nested, literals: .swift,
    starts: ["@", "public", "package", "internal", "fileprivate", "private"], read: readSwift)
}

extension Language {
  var grammar: Grammar {
    switch self {
    case .typeScript: .typeScript
    case .python: .python
    case .rust: .rust
    case .swift: .swift
    }
  }
}
