import Platform

/// Nothing that is still to be squashed or finished becomes part of trunk.
enum FixupRule: MessageRule {
  static func faults(in judged: JudgedMessage) -> [MessageFault] {
    guard judged.context.isForTrunk else { return [] }
    if judged.exemption == .autosquash {
      let word = judged.message.shown(judged.message.header.prefix { $0 != .space })
      return [
        MessageFault(
          rule: "message.fixup", text: "a '\(word)' commit is not for trunk: squash it first",
          hint: judged.context.upstream.map {
            "GIT_SEQUENCE_EDITOR=: git rebase --interactive --autosquash \(shellQuoted($0))"
          }, position: 0)
      ]
    }
    guard let position = judged.workInProgress else { return [] }
    return [
      MessageFault(
        rule: "message.fixup", text: "work in progress is not for trunk: say what it does", position: position)
    ]
  }
}

extension JudgedMessage {
  /// Where the header says `WIP`: as its first word or the first of its description, in brackets or not.
  fileprivate var workInProgress: Int? {
    var starts = [message.header.startIndex]
    if case .success(let header) = header { starts.append(header.description.lowerBound) }
    return starts.first { isWorkInProgress(message.header[$0...]) }
  }

  private func isWorkInProgress(_ text: ArraySlice<UInt8>) -> Bool {
    let word = text.drop { brackets.contains($0) || $0.isBlank }.prefix(4)
    return word.startsIgnoringCase(with: "wip".utf8) && word.dropFirst(3).first?.isASCIIAlphanumeric != true
  }
}

private let brackets = Array("[(".utf8)
