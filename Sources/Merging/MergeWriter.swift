/// Puts a merge together in plain form, piece by piece.
struct MergeWriter {
  private let form: TextForm
  /// What is decided.
  private(set) var plainText: [UInt8] = []
  /// To the last conflict; empty while there is none.
  private var pieces: [ConflictedText.Segment] = []
  private var closed = 0
  private var decisions: [MergeDecision] = []

  init(form: TextForm) { self.form = form }

  mutating func decide(_ kind: MergeDecision.Kind, _ text: [UInt8]) {
    decisions.append(MergeDecision(kind: kind, subject: text.firstLine))
  }

  mutating func append(_ text: [UInt8]) { plainText += text }

  /// But for those behind the last conflict's lines.
  mutating func dropBlankLinesAtEnd() {
    while plainText.count >= closed + 2, plainText.suffix(2).elementsEqual([0x0A, 0x0A]) { plainText.removeLast() }
  }

  mutating func appendConflict(base: [UInt8]?, ours: [UInt8]?, theirs: [UInt8]?) {
    closeText()
    pieces.append(.region(.init(base: base ?? [], ours: ours ?? [], theirs: theirs ?? [])))
  }

  /// Makes a piece of what was decided since the last conflict.
  private mutating func closeText() {
    guard closed < plainText.count else { return }
    pieces.append(.text(Array(plainText[closed...])))
    closed = plainText.count
  }

  mutating func finish() -> MergeResult {
    guard !pieces.isEmpty else { return MergeResult(.merged(form.written(plainText)), decisions: decisions) }
    closeText()
    return MergeResult(.conflict(ConflictedText(plain: pieces, form)), decisions: decisions)
  }
}
