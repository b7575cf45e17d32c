import Checks
import Plan
import Platform

/// A command of the plan that is to be run for something that has happened, and how far that has come.
public struct Delivery: Hashable, Sendable {
  public enum Occasion: Hashable, Sendable {
    /// One of `[notify]`: what is run is what the plan says when it is run.
    case notice(Plan.NotifyPolicy.Event)
    /// One of `[[after-sync]]`, with its command.
    case afterSync([String], Plan.AfterSync.Place)
  }

  public enum State: String, Hashable, Sendable, CaseIterable {
    case waiting
    /// It was started; while nobody drains the queue: by a process that died, so that nobody has seen its end.
    case started
    case done
    /// It was tried as often as the plan allows.
    case failed
    /// Whoever ran it died meanwhile. It may have done its work: it is not run again unless a person says so.
    case unseen
  }

  public var occasion: Occasion
  /// The id of the planned stream; `nil` for a command that runs once for all.
  public var stream: String?
  /// Without `refs/heads/`.
  public var branch: String?
  public var issue: String?
  /// The commit that has brought it about, as it was called then: no part of what makes an event the same.
  public var sha: String?
  public var subject: [UInt8]
  /// Where the command is run; the main worktree where that is gone by then.
  public var directory: FilePath

  public var state = State.waiting
  /// How often it was started.
  public var attempts = 0
  /// Nanoseconds since 1970: when it was queued, which is its place in the queue; and when it may be tried again.
  public var queued: Int64 = 0
  public var notBefore: Int64 = 0
  /// Nanoseconds since 1970: the end of the last attempt.
  public var ended: Int64 = 0
  /// What the last attempt had to say.
  public var remark: [UInt8] = []

  public init(
    _ occasion: Occasion, stream: String? = nil, branch: String? = nil, issue: String? = nil, sha: String? = nil,
    subject: [UInt8] = [], in directory: FilePath
  ) {
    self.occasion = occasion
    self.stream = stream
    self.branch = branch
    self.issue = issue
    self.sha = sha
    self.subject = subject
    self.directory = directory
  }

  /// What makes two deliveries one: an event is a stream, an issue and a kind, for a rebase renames commits; a command after
  /// a sync is its words, its place and the commit that the sync has brought.
  public var key: String {
    var fingerprint = Fingerprint()
    switch occasion {
    case .notice(let event):
      fingerprint.add("notice")
      fingerprint.add(event.rawValue)
      fingerprint.add(stream.map { Array($0.utf8) })
      fingerprint.add(issue.map { Array($0.utf8) })
    case .afterSync(let words, let place):
      fingerprint.add("after-sync")
      fingerprint.add(list: words.map { Array($0.utf8) })
      fingerprint.add(place.rawValue)
      fingerprint.add(directory.bytes)
      fingerprint.add(sha.map { Array($0.utf8) })
    }
    return fingerprint.hex
  }

  /// The command with its placeholders unfilled; empty where the plan has none any more.
  public func command(_ policy: Plan.NotifyPolicy) -> [String] {
    switch occasion {
    case .notice(let event): policy.commands[event] ?? []
    case .afterSync(let words, _): words
    }
  }

  /// The same as it has to be approved.
  func trusted(_ policy: Plan.NotifyPolicy) -> TrustedCommand {
    switch occasion {
    case .notice(let event): TrustedCommand("notify.\(event.rawValue)", command(policy))
    case .afterSync(let words, let place):
      TrustedCommand("after-sync", words, in: place == .main ? .main : .worktree)
    }
  }

  func placeholders(in directory: FilePath) -> Placeholders {
    var result = Placeholders(
      worktree: directory, stream: stream.map { Array($0.utf8) }, branch: branch.map { Array($0.utf8) })
    result.issue = issue.map { Array($0.utf8) }
    result.sha = sha.map { Array($0.utf8) }
    result.subject = subject
    return result
  }

  public var isNotice: Bool { if case .notice = occasion { true } else { false } }
}

// MARK: On the disk

extension Delivery {
  private static let form = "delivery 1"

  /// Fields ended by NUL, the command's words last; the first field says which form this is.
  var encoded: [UInt8] {
    var kind: String
    var words: [String] = []
    switch occasion {
    case .notice(let event): kind = "notice \(event.rawValue)"
    case .afterSync(let command, let place): (kind, words) = ("after-sync \(place.rawValue)", command)
    }
    func optional(_ text: String?) -> String { text.map { "+\($0)" } ?? "" }
    var texts = [Self.form, kind, optional(stream), optional(branch), optional(issue), optional(sha)]
    texts += [state.rawValue, "\(attempts)", "\(queued)", "\(notBefore)", "\(ended)"]
    var fields: [[UInt8]] = texts.map { Array($0.utf8) }
    fields += [subject, directory.bytes, remark]
    for word in words { fields.append(Array(word.utf8)) }
    return fields.flatMap { $0.filter { $0 != 0 } + [0] }
  }

  /// `nil` for what this version did not write.
  init?(encoded bytes: [UInt8]) {
    guard bytes.last == 0 else { return nil }
    let fields = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard fields.count >= 14 else { return nil }
    let texts = fields.map { String(decoding: $0, as: UTF8.self) }
    func optional(_ text: String) -> String? { text.hasPrefix("+") ? String(text.dropFirst()) : nil }
    let kind = texts[1].split(separator: " ").map(String.init)
    guard texts[0] == Self.form, kind.count == 2, let state = State(rawValue: texts[6]), let attempts = Int(texts[7]),
      let queued = Int64(texts[8]), let notBefore = Int64(texts[9]), let ended = Int64(texts[10])
    else { return nil }
    let occasion: Occasion
    if kind[0] == "notice", let event = Plan.NotifyPolicy.Event(rawValue: kind[1]) {
      occasion = .notice(event)
    } else if kind[0] == "after-sync", let place = Plan.AfterSync.Place(rawValue: kind[1]), texts.count > 14 {
      occasion = .afterSync(Array(texts[14...]), place)
    } else {
      return nil
    }
    self.init(
      occasion, stream: optional(texts[2]), branch: optional(texts[3]), issue: optional(texts[4]),
      sha: optional(texts[5]), subject: fields[11], in: FilePath(fields[12]))
    (self.state, self.attempts, self.queued, self.notBefore, self.ended) = (state, attempts, queued, notBefore, ended)
    remark = fields[13]
  }
}
