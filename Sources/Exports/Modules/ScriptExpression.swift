/// Where an expression or a type ends, as far as it takes to find the next variable of a list.
enum ScriptExpression {
  /// Takes the type and the value of a variable, and the comma behind: whether there was one, and another variable follows.
  static func skipDeclarator(_ cursor: inout TokenCursor) -> Bool {
    _ = cursor.accept(.mark, "!")
    if cursor.accepts(.mark, ":"), !skipType(&cursor) { return false }
    if cursor.accepts(.mark, "="), !skipValue(&cursor) { return false }
    return cursor.accepts(.mark, ",")
  }

  /// Takes the default of a name in a pattern, up to the comma or the bracket behind it.
  static func skipDefault(_ cursor: inout TokenCursor) -> Bool {
    guard cursor.accepts(.mark, "=") else { return cursor.isNext(.mark, ",") || cursor.isNext(.close) }
    return skipValue(&cursor)
  }

  /// To a comma, a closing bracket or the end of the statement; `false` at the last of these, and where brackets do not match.
  private static func skipValue(_ cursor: inout TokenCursor) -> Bool {
    var asksForMore = true
    while let token = cursor.next {
      let text = cursor.bytes[token.range]
      if !asksForMore, endsStatement(before: token, text, cursor) { return false }
      switch token.kind {
      case .close, .unclosed: return token.kind == .close
      case .open: guard cursor.skipGroup() else { return false }
      case .mark where text.elementsEqual(",".utf8): return true
      case .mark where text.elementsEqual(";".utf8): return false
      case .mark where text.elementsEqual("<".utf8) && skipTypeArguments(&cursor): break
      case .word where text.elementsEqual("export".utf8) || text.elementsEqual("import".utf8) && !isCall(cursor):
        return false
      default: _ = cursor.accept(token.kind)
      }
      asksForMore = token.kind == .mark || token.kind == .word && wordsBeforeMore.contains(Array(text))
    }
    return false
  }

  /// To the `=`, comma or bracket behind a type; `false` at the statement's end.
  private static func skipType(_ cursor: inout TokenCursor) -> Bool {
    var angles = 0
    var asksForMore = true
    while let token = cursor.next {
      let text = cursor.bytes[token.range]
      if !asksForMore, angles == 0, endsStatement(before: token, text, cursor) { return false }
      switch token.kind {
      case .close, .unclosed: return token.kind == .close
      case .open: guard cursor.skipGroup() else { return false }
      case .mark where text.elementsEqual("=".utf8):
        guard cursor.isArrow else { return angles == 0 }
        cursor.index += 1
        _ = cursor.accept(.mark, ">") ?? cursor.accept(.mark, "=")
      case .mark where angles == 0 && text.elementsEqual(",".utf8): return true
      case .mark where text.elementsEqual(";".utf8): return false
      default:
        _ = cursor.accept(token.kind)
        if text.elementsEqual("<".utf8) { angles += 1 } else if text.elementsEqual(">".utf8) { angles -= 1 }
      }
      asksForMore =
        token.kind == .mark && !text.elementsEqual(">".utf8)
        || token.kind == .word && typeWordsBeforeMore.contains(Array(text))
    }
    return false
  }

  /// `<A, B<C>>` where `(`, a template or a bracket follows: else it compares, and nothing is taken.
  private static func skipTypeArguments(_ cursor: inout TokenCursor) -> Bool {
    var probe = cursor
    var angles = 0
    for _ in 0..<256 {
      guard let token = probe.next else { return false }
      let text = probe.bytes[token.range]
      switch token.kind {
      case .open: guard probe.skipGroup() else { return false }
      case .mark where text.elementsEqual("=".utf8) && probe.isArrow:
        _ = probe.accept(.mark, "=")
        _ = probe.accept(.mark, ">")
      case .mark where "<>,.|&?:=[]".utf8.contains(text.first!): _ = probe.accept(.mark)  // a mark has one byte
      case .word, .string, .opaque: _ = probe.accept(token.kind)
      default: return false
      }
      if text.elementsEqual("<".utf8) { angles += 1 } else if text.elementsEqual(">".utf8) { angles -= 1 }
      guard angles == 0 else { continue }
      guard probe.isNext(.open, "(") || probe.isNext(.opaque) else { return false }
      cursor = probe
      return true
    }
    return false
  }

  /// Whether a new line begins a new statement here: the rules of automatic semicolons, for code that has more behind it.
  private static func endsStatement(before token: Token, _ text: ArraySlice<UInt8>, _ cursor: TokenCursor) -> Bool {
    var sameLine = cursor
    sameLine.crossesLines = false
    guard sameLine.next == nil || sameLine.next?.kind == .lineComment else { return false }
    switch token.kind {
    case .mark: return text.elementsEqual("@".utf8) || text.elementsEqual("#".utf8)
    case .open: return text.elementsEqual("{".utf8)
    case .word: return !wordsThatContinue.contains(Array(text))
    case .string, .unclosed: return true
    case .close, .opaque, .newline, .lineComment, .blockComment: return false
    }
  }

  private static func isCall(_ cursor: TokenCursor) -> Bool {
    var probe = cursor
    _ = probe.accept(.word)
    return probe.isNext(.open, "(") || probe.isNext(.mark, ".")
  }

  private static let wordsThatContinue = Grammar.words("as satisfies in of instanceof extends is")
  private static let wordsBeforeMore = Grammar.words(
    "typeof void delete await yield new in of instanceof as satisfies return async function class extends")
  private static let typeWordsBeforeMore = Grammar.words(
    "typeof keyof readonly unique infer extends is new abstract asserts")
}

extension TokenCursor {
  /// Whether `=>` stands here.
  fileprivate var isArrow: Bool {
    var probe = self
    guard let equals = probe.accept(.mark, "="), let angle = probe.accept(.mark, ">") else { return false }
    return equals.range.upperBound == angle.range.lowerBound
  }
}
