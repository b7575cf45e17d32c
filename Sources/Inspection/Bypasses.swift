import Platform
import Rules
import StateFiles

/// Rules that a person has asked to be passed over, and the record of it: shown, never a fault, and judged again at push.
public struct Bypasses {
  /// One use of a bypass.
  public struct Record: Hashable, Sendable {
    /// Seconds since 1970.
    public var time: Int64
    public var branch: String
    public var rule: String
    public var reason: String
    /// What the finding was about, or the mark of a push.
    public var detail: String
  }

  private let common: FilePath
  private let pendingSkips: PendingSkips
  private let environment: Environment

  public init(commonState: FilePath, worktreeState: FilePath, environment: Environment) {
    common = commonState / "bypasses"
    pendingSkips = PendingSkips(in: worktreeState)
    self.environment = environment
  }

  /// Lets the next commit in this worktree pass `rule`.
  public func skipNext(_ rule: String, because reason: String) throws(SystemError) {
    try pendingSkips.file.parent.createDirectories()
    try pendingSkips.file.append(Array("\(Self.field(rule))\t\(Self.field(reason))\n".utf8))
  }

  /// The rules that the next commit here passes, with the reasons given.
  public func pending() -> [String: String] {
    var result: [String: String] = [:]
    for line in lines(of: pendingSkips.file) where line.count == 2 { result[line[0]] = line[1] }
    return result
  }

  /// `PREFLIGHT_SKIP=id,id`.
  private var fromEnvironment: [String: String] {
    let ids = (environment["PREFLIGHT_SKIP"] ?? "").split(separator: ",").map { id in
      String(id.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    return Dictionary(
      ids.filter { !$0.isEmpty }.map { ($0, "PREFLIGHT_SKIP") }, uniquingKeysWith: { first, _ in first })
  }

  /// The findings that stand, and those that a bypass covers: by the rule's id or a prefix of it.
  public func divide(
    _ findings: [Finding], includingPending: Bool
  ) -> (standing: [Finding], skipped: [(finding: Finding, reason: String)]) {
    let asked = fromEnvironment.merging(includingPending ? pending() : [:]) { first, _ in first }
    guard !asked.isEmpty else { return (findings, []) }
    var standing: [Finding] = []
    var skipped: [(finding: Finding, reason: String)] = []
    for finding in findings {
      if let reason = Self.reason(for: finding.rule.rawValue, in: asked) {
        skipped.append((finding, reason))
      } else {
        standing.append(finding)
      }
    }
    return (standing, skipped)
  }

  private static func reason(for rule: String, in asked: [String: String]) -> String? {
    var key = rule[...]
    while true {
      if let reason = asked[String(key)] { return reason }
      guard let dot = key.lastIndex(of: ".") else { return nil }
      key = key[..<dot]
    }
  }

  /// Writes down that a finding was passed over.
  public func record(_ skipped: [(finding: Finding, reason: String)], branch: String) {
    var seen: Set<String> = []
    for (finding, reason) in skipped where finding.severity == .error && seen.insert(finding.rule.rawValue).inserted {
      append(Record(time: Clock.now(), branch: branch, rule: finding.rule.rawValue, reason: reason, detail: ""))
    }
  }

  /// Marks a push of `branch`: bypasses before it have been judged again.
  public func recordPush(of branch: String) {
    guard common.exists else { return }
    append(Record(time: Clock.now(), branch: branch, rule: "", reason: "", detail: "pushed"))
  }

  /// Since the last push of each branch, oldest first.
  public func sinceLastPush() -> [Record] {
    var result: [Record] = []
    for line in lines(of: common) where line.count == 5 {
      let record = Record(
        time: Int64(line[0]) ?? 0, branch: line[1], rule: line[2], reason: line[3], detail: line[4])
      if record.detail == "pushed" {
        result.removeAll { $0.branch == record.branch }
      } else {
        result.append(record)
      }
    }
    return result
  }

  private func append(_ record: Record) {
    let fields = ["\(record.time)", record.branch, record.rule, record.reason, record.detail].map(Self.field)
    try? common.parent.createDirectories()
    try? common.append(Array((fields.joined(separator: "\t") + "\n").utf8))
  }

  private func lines(of file: FilePath) -> [[String]] {
    guard let bytes = try? file.contents() else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).map { line in
      line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
    }
  }

  /// One field of a line: what would end it becomes a space.
  private static func field(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
  }
}
