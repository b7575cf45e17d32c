import Exports
import Plan

/// A stream changes a barrel only where the barrel is its own, so that streams never meet on a line.
///
/// `uncomment`: it brings its stubs to life and rewords its comments; the rest is the base's, line ends aside. `block`: it
/// rewrites its blocks as it likes; all other lines are there, unchanged and in order, and new ones come last.
///
/// The commit may be held against the base, or against any side whose content is not its own: after a merge of trunk the rest
/// is trunk's. Of a trunk that was taken over in part, the parts that the commit has count as the base's.
enum ExportShapeRule {
  static let id: RuleID = "exports.shape"

  static func findings(in change: ExportsChange) -> [Finding] {
    guard change.isJudged, !change.isTrunk, let stream = change.stream else { return [] }
    guard var furthest = furthestDeviation(from: [change.base] + change.settled, in: change) else { return [] }
    if let mixed = baseWithTakenOverLines(in: change) {
      guard let line = deviation(from: mixed, in: change) else { return [] }
      furthest = max(furthest, line)
    }
    // What fits longest is what the commit was made from.
    let line = min(furthest, max(0, change.staged.lines.count - 1))
    let column =
      change.staged.lines.isEmpty ? 1 : change.staged.lines[line].prefix { $0 == 0x20 || $0 == 0x09 }.count + 1
    let message = Finding.Message.outside(stream, change.stubPolicy, hint: change.remedyCommand)
    return [change.finding(id, .error, message, at: (line + 1, column))]
  }

  /// The index of the first staged line that breaks the shape; `nil` where it holds.
  private static func deviation(from reference: BarrelVersion, in change: ExportsChange) -> Int? {
    switch change.stubPolicy {
    case .off: nil
    case .uncomment: UncommentedShape(change, reference).deviation
    case .block: BlockShape(change, reference).deviation
    }
  }

  /// `nil` as soon as the shape holds against one of them.
  private static func furthestDeviation(from references: [BarrelVersion], in change: ExportsChange) -> Int? {
    var furthest = 0
    for reference in references {
      guard let line = deviation(from: reference, in: change) else { return nil }
      furthest = max(furthest, line)
    }
    return furthest
  }

  /// The base with those of trunk's changes that the commit has as well.
  private static func baseWithTakenOverLines(in change: ExportsChange) -> BarrelVersion? {
    guard let trunk = change.trunk, let theirs = LineHunk.hunks(from: change.base.lines, to: trunk.lines),
      let ours = LineHunk.hunks(from: change.base.lines, to: change.staged.lines)
    else { return nil }
    let both = theirs.filter(Set(ours).contains)
    guard !both.isEmpty else { return nil }
    let lines = LineHunk.apply(both, to: change.base.lines).map { $0 + [UInt8(ascii: "\n")] }
    return BarrelVersion(Array(lines.joined()), language: change.resolver.language, streams: change.streams)
  }
}

extension Finding.Message {
  fileprivate static func outside(_ stream: String, _ policy: Plan.SharedFiles.StubPolicy, hint: String?) -> Self {
    switch policy {
    case .uncomment:
      .init("'\(stream)' may only bring its own stubs to life here, and this is another change", hint: hint)
    case .block, .off:
      .init("'\(stream)' may rewrite its own blocks and add at the end, and this is neither", hint: hint)
    }
  }
}

extension ExportsChange {
  /// What is said of a barrel that is too large to be read.
  public static func findings(inUnread path: [UInt8]) -> [Finding] {
    [Finding(ExportShapeRule.id, .warning, .unread, path: path)]
  }
}

extension Finding.Message {
  fileprivate static var unread: Self {
    .init(
      "too large to be read: no rule on exports has judged it",
      hint: "split it, or set stubs = \"off\" for it in preflight.toml")
  }
}
