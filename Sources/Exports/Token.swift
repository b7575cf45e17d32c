/// A piece of source text; blanks between tokens are in none.
struct Token {
  enum Kind {
    /// A name, keyword or number.
    case word
    /// A literal that is closed and holds no code.
    case string
    /// `(`, `[`, `{`, or the `${` of a template.
    case open
    /// `)`, `]`, `}`.
    case close
    /// Any other single byte.
    case mark
    case newline
    /// Without its line end.
    case lineComment
    case blockComment
    /// Text that no statement of exports may hold: a regular expression, a piece of a template, an element, a string that its
    /// line does not close.
    case opaque
    /// A comment, a literal or an element that runs to the file's end: what it holds may be code.
    case unclosed
  }

  var kind: Kind
  var range: Range<Int>

  /// Whether it is neither a line end nor a comment.
  var isCode: Bool {
    switch kind {
    case .newline, .lineComment, .blockComment: false
    case .word, .string, .open, .close, .mark, .opaque, .unclosed: true
    }
  }
}
