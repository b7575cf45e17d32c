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
    /// Text that no statement of exports may hold: a regular expression, a piece of a template, a literal that is not closed.
    case opaque
  }

  var kind: Kind
  var range: Range<Int>
}
