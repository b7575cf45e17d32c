import Git
import Platform

/// How each check of a worktree ended when it was last run there, and on what: for people who look, not for deciding whether
/// it has to be run again, which is `ResultMemory`'s.
public struct LastResults: Sendable {
  public struct Record: Hashable, Sendable {
    public var check: String
    public var hasPassed: Bool
    /// Seconds since 1970.
    public var time: Int64
    /// What the worktree held; `nil` where something was not committed.
    public var tree: ObjectID?

    public init(check: String, hasPassed: Bool, time: Int64, tree: ObjectID?) {
      self.check = check
      self.hasPassed = hasPassed
      self.time = time
      self.tree = tree
    }
  }

  private let file: FilePath

  /// - Parameter state: our own directory of the worktree; see `RepositoryLayout.worktreeStateDirectory`.
  public init(_ state: FilePath) { file = state / "last-checks" }

  /// By the checks' names; what cannot be read is not known.
  public func all() -> [Record] {
    guard let bytes = try? file.contentsIfPresent() else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { Record(line: $0) }
  }

  /// Notes what has run, or was seen to have passed on the same tree; whatever else did not run leaves its old result.
  ///
  /// - Parameter requests: as many as there are results, in the same order.
  public func note(_ results: [CheckResult], of requests: [CheckRequest], at time: Int64) throws(SystemError) {
    var records = all()
    for (result, request) in zip(results, requests) {
      guard let record = Record(result, of: request, at: time) else { continue }
      records.removeAll { $0.check == record.check }
      records.append(record)
    }
    try file.parent.createDirectories()
    try file.write(Array(records.sorted { $0.check < $1.check }.map(\.line).joined().utf8))
  }
}

extension LastResults.Record {
  fileprivate init?(_ result: CheckResult, of request: CheckRequest, at time: Int64) {
    self.init(check: result.name, hasPassed: result.status.isSuccess, time: time, tree: request.tree)
    switch result.status {
    case .passed, .failed, .killed, .timedOut, .couldNotStart: break
    case .remembered(let then): self.time = then
    case .skipped, .notTrusted, .interrupted: return nil
    }
  }

  /// `passed 1768747200 TREE NAME`, with `-` for a tree that nobody knows.
  fileprivate var line: String {
    let name = String(decoding: check.utf8.filter { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return "\(hasPassed ? "passed" : "failed") \(time) \(tree.map { "\($0)" } ?? "-") \(name)\n"
  }

  fileprivate init?(line: ArraySlice<UInt8>) {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 3).map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 4, ["passed", "failed"].contains(words[0]), let time = Int64(words[1]),
      words[2] == "-" || ObjectID(hex: words[2].utf8) != nil
    else { return nil }
    self.init(check: words[3], hasPassed: words[0] == "passed", time: time, tree: ObjectID(hex: words[2].utf8))
  }
}
