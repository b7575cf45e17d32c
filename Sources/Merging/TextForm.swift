/// How a text is written, apart from what it says: byte order mark, line ends, a last line without one.
struct TextForm: Hashable {
  var hasByteOrderMark = false
  /// Every line ends in CR LF.
  var isCRLF = false
  /// CR LF and LF are mixed, so that a CR is content.
  var isMixed = false
  var endsWithNewline = true

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// A text in the plain form: no byte order mark, every line ended, by LF unless line ends are mixed.
  static func plain(_ bytes: [UInt8]) -> (text: [UInt8], form: TextForm) {
    var form = TextForm()
    var text = bytes
    if text.starts(with: byteOrderMark) {
      form.hasByteOrderMark = true
      text.removeFirst(byteOrderMark.count)
    }
    let newlines = text.count { $0 == 0x0A }
    let pairs = text.indices.count { text[$0] == 0x0A && $0 > 0 && text[$0 - 1] == 0x0D }
    form.isCRLF = pairs > 0 && pairs == newlines
    // A CR at the very end would become one with the LF that the plain form adds.
    form.isMixed = pairs > 0 && pairs < newlines || text.last == 0x0D
    if let last = text.last, last != 0x0A {
      form.endsWithNewline = false
      text.append(0x0A)
    }
    return (text, form)
  }

  /// Three-way, where a change is a change whoever made it; without a base, what either side has.
  init(base: TextForm?, ours: TextForm, theirs: TextForm) {
    func choose(_ feature: (TextForm) -> Bool) -> Bool {
      guard let base else { return feature(ours) || feature(theirs) }
      return feature(ours) == feature(base) ? feature(theirs) : feature(ours)
    }
    hasByteOrderMark = choose(\.hasByteOrderMark)
    isCRLF = choose(\.isCRLF)
    isMixed = ours.isMixed || theirs.isMixed || base?.isMixed == true
    endsWithNewline = choose(\.endsWithNewline)
  }

  private init() {}

  /// A whole text in plain form as this form writes it.
  func written(_ plain: [UInt8]) -> [UInt8] {
    var text = plain
    if !endsWithNewline, text.last == 0x0A { text.removeLast() }
    text = withLineEnds(text)
    return hasByteOrderMark ? Self.byteOrderMark + text : text
  }

  /// What an LF of the plain form is in this one: where line ends are mixed, their CRs are there already.
  var lineEnd: [UInt8] { isCRLF && !isMixed ? [0x0D, 0x0A] : [0x0A] }

  /// A piece of a text in plain form, with this form's line ends.
  func withLineEnds(_ plain: [UInt8]) -> [UInt8] {
    let lineEnd = lineEnd
    return lineEnd.count == 1 ? plain : plain.flatMap { $0 == 0x0A ? lineEnd : [$0] }
  }
}

/// Three versions in the plain form, all in one line end, and the form of their merge.
struct PlainInput {
  var base: [UInt8]?
  var ours: [UInt8]
  var theirs: [UInt8]
  let form: TextForm

  init(_ input: MergeInput) {
    // git hands an empty base to a driver where there is none.
    let base = input.base.flatMap { $0.isEmpty ? nil : TextForm.plain($0) }
    let ours = TextForm.plain(input.ours)
    let theirs = TextForm.plain(input.theirs)
    form = TextForm(base: base?.form, ours: ours.form, theirs: theirs.form)
    let keepsCR = form.isMixed
    func withoutCR(_ text: [UInt8]) -> [UInt8] {
      keepsCR ? text : text.indices.filter { !text.isCRBeforeLF(at: $0) }.map { text[$0] }
    }
    self.base = base.map { withoutCR($0.text) }
    self.ours = withoutCR(ours.text)
    self.theirs = withoutCR(theirs.text)
  }
}

extension [UInt8] {
  fileprivate func isCRBeforeLF(at index: Int) -> Bool {
    self[index] == 0x0D && index + 1 < count && self[index + 1] == 0x0A
  }
}
