/// Merges JSON key by key in the file's own formatting.
struct ManifestMerge: PolicyMerger {
  let versions: VersionPolicy

  func merge(_ input: MergeInput) -> MergeResult {
    let plain = PlainInput(input)
    // Without a base nobody knows which of two values is the newer.
    guard let base = plain.base, !ConflictMarkers.stand(in: base) else {
      return MergeResult(.conflict(ConflictedText(wholeOf: input, trustsBase: false)))
    }
    let indents = [base, plain.ours, plain.theirs].map(JSONIndent.init)
    let indent = JSONIndent(base: indents[0], indents[1], indents[2])
    do {
      let old = try JSONReader.read(indents[0].rewriting(base, to: indent))
      let left = try JSONReader.read(indents[1].rewriting(plain.ours, to: indent))
      let right = try JSONReader.read(indents[2].rewriting(plain.theirs, to: indent))
      var merger = JSONMerger(versions: versions)
      merger.output.append(left.before == old.before ? right.before : left.before)
      merger.merge(old.value, left.value, right.value, at: [])
      merger.output.append(left.after == old.after ? right.after : left.after)
      guard merger.output.isClean else {
        return MergeResult(
          .conflict(ConflictedText(plain: merger.output.segments, plain.form)), decisions: merger.decisions)
      }
      _ = try JSONReader.read(merger.output.ours)
      return MergeResult(.merged(plain.form.written(merger.output.ours)), decisions: merger.decisions)
    } catch {
      return MergeResult(.undecided(error.refusal))
    }
  }

  func accepts(_ text: [UInt8], insteadOf decided: [UInt8]?, _ input: MergeInput) -> Bool {
    guard let value = try? JSONReader.read(TextForm.plain(text).text).value else { return false }
    guard let decided else { return true }
    return value.meaning == (try? JSONReader.read(TextForm.plain(decided).text).value.meaning)
  }
}

extension JSONReader.Fault {
  fileprivate var refusal: MergeRefusal {
    switch self {
    case .malformed: .malformed
    case .tooDeep: .tooDeep
    case .duplicateKey: .duplicateKey
    }
  }
}

/// One step of a file's indentation.
struct JSONIndent: Hashable {
  /// Empty where nothing is indented.
  let step: [UInt8]

  init(_ text: [UInt8]) {
    let lines = text.split(separator: 0x0A)
    step = lines.lazy.map { Array($0.prefix(while: \.isSpaceOrTab)) }.first { !$0.isEmpty } ?? []
  }

  /// That of a merge: what a side has changed it to, the same whichever comes first; a side without any says nothing of it.
  init(base: JSONIndent, _ ours: JSONIndent, _ theirs: JSONIndent) {
    let changed = [ours, theirs].filter { $0 != base && !$0.step.isEmpty }
    self = changed.min { $0.step.isOrdered(before: $1.step) } ?? base
  }

  /// A line break never stands in a JSON string, so what begins a line is indentation.
  func rewriting(_ text: [UInt8], to other: JSONIndent) -> [UInt8] {
    guard self != other, !step.isEmpty, !other.step.isEmpty else { return text }
    var result: [UInt8] = []
    for line in Lines(text)[0...] {
      var rest = line
      while rest.starts(with: step) {
        rest = rest.dropFirst(step.count)
        result += other.step
      }
      result += rest
    }
    return result
  }
}
