import Git
import Reporting
import Sync

extension DroppedCommit {
  /// `left out COMMIT SUBJECT: why`.
  var sentence: DisplayText { "left out \(commit) \(DisplayText(bytes: subject)): \(reason.words)" }

  /// `{"commit","subject","reason","into"}`
  var json: JSONValue {
    [
      "commit": .string("\(commit)"), "subject": .string(String(decoding: subject, as: UTF8.self)),
      "reason": .string(reason.code), "into": JSONValue(reason.commit?.description),
    ]
  }
}

extension DroppedCommit.Reason {
  fileprivate var words: DisplayText {
    switch self {
    case .samePatch: "trunk has a commit with the same patch"
    case .squashed(let commit): "trunk has it, squashed into \(commit)"
    case .becameEmpty: "trunk has all that it changes"
    case .merged: "trunk has all that the stream changes"
    case .leftOutByGit: "git finds it on trunk"
    }
  }

  fileprivate var code: String {
    switch self {
    case .samePatch: "same-patch"
    case .squashed: "squashed"
    case .becameEmpty: "became-empty"
    case .merged: "merged"
    case .leftOutByGit: "left-out-by-git"
    }
  }

  /// Of trunk.
  fileprivate var commit: ObjectID? {
    if case .squashed(let commit) = self { commit } else { nil }
  }
}
