import Platform

/// What `git config --list` says in one place: every scope, includes, `git -c` and the environment.
///
/// Read in this process where the files alone decide, else asked of git: libgit2 knows neither `git -c` nor
/// `GIT_CONFIG_COUNT`, nor (before 1.8) a worktree's own configuration.
public struct Configuration: Sendable, Equatable {
  /// Section and variable in lower case, the subsection as written; in the order of reading, so that the last one counts.
  private var values: [String: [String?]] = [:]
  private var places: [String: Int] = [:]
  private var count = 0

  public init() {}

  init(git: GitCommand) throws(GitError) {
    let output = try git.output(["config", "--list", "--null", "--includes"])
    for entry in output.split(separator: 0) {
      let end = entry.firstIndex(of: UInt8(ascii: "\n"))
      let key = String(decoding: entry[..<(end ?? entry.endIndex)], as: UTF8.self)
      let value = end.map { String(decoding: entry[($0 + 1)...], as: UTF8.self) }
      append(key, value)
    }
  }

  mutating func append(_ key: String, _ value: String?) {
    values[key, default: []].append(value)
    places[key] = count
    count += 1
  }

  /// The last value of `key` (in git's own spelling: section and variable in lower case); `nil` when it is not set.
  public subscript(key: String) -> String? { values[key]?.last ?? nil }

  /// The value of whichever of several names of one setting was read last.
  public func last(of keys: [String]) -> String? {
    keys.max { (places[$0] ?? -1) < (places[$1] ?? -1) }.flatMap { self[$0] }
  }

  public func all(_ key: String) -> [String] { (values[key] ?? []).compactMap { $0 } }

  public func isSet(_ key: String) -> Bool { values[key] != nil }

  /// See "boolean" in git-config(1): a key without a value is true.
  public func boolean(_ key: String) -> Bool? {
    guard let last = values[key]?.last else { return nil }
    guard let text = last?.lowercased() else { return true }
    if ["true", "yes", "on"].contains(text) { return true }
    if ["false", "no", "off", ""].contains(text) { return false }
    return Int(text).map { $0 != 0 }
  }

  public var keys: some Collection<String> { values.keys }
}
