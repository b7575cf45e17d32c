import Platform

/// What `git config --list` says in one place: every scope, includes, `git -c` and the environment.
///
/// Read in this process where the files alone decide, else asked of git: libgit2 knows neither `git -c` nor
/// `GIT_CONFIG_COUNT`, nor (before 1.8) a worktree's own configuration.
public struct Configuration: Sendable {
  /// Section and variable in lower case, the subsection as written; in the order of reading, so that the last one counts.
  private var settings: [Setting] = []

  private struct Setting: Hashable, Sendable {
    let key: String
    let value: String?
  }

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

  mutating func append(_ key: String, _ value: String?) { settings.append(Setting(key: key, value: value)) }

  /// The last value of `key` (in git's own spelling: section and variable in lower case); `nil` when it is not set.
  public subscript(key: String) -> String? { settings.last { $0.key.isSameText(as: key) }?.value }

  /// The value of whichever of several names of one setting was read last.
  public func last(of keys: [String]) -> String? {
    settings.last { setting in keys.contains { setting.key.isSameText(as: $0) } }?.value
  }

  public func all(_ key: String) -> [String] { settings.filter { $0.key.isSameText(as: key) }.compactMap(\.value) }

  public func isSet(_ key: String) -> Bool { settings.contains { $0.key.isSameText(as: key) } }

  /// See "boolean" in git-config(1): a key without a value is true.
  public func boolean(_ key: String) -> Bool? {
    guard let last = settings.last(where: { $0.key.isSameText(as: key) }) else { return nil }
    guard let text = last.value?.lowercased() else { return true }
    if ["true", "yes", "on"].contains(text) { return true }
    if ["false", "no", "off", ""].contains(text) { return false }
    return Int(text).map { $0 != 0 }
  }

  /// Of all settings, in the order of reading; a key that is set twice is there twice.
  public var keys: some Collection<String> { settings.map(\.key) }
}

extension Configuration: Equatable {}

extension String {
  /// Bytewise: two spellings of é are two subsections.
  fileprivate func isSameText(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

/// In which form a repository is; see gitrepository-layout(5).
struct RepositoryFormat {
  let version: String
  /// Without `extensions.`.
  let extensions: [String]

  /// Whether any reader of repositories understands its objects and refs.
  var isPlain: Bool {
    switch version {
    case "0": true
    case "1": extensions.allSatisfy { ["worktreeconfig", "relativeworktrees", "preciousobjects"].contains($0) }
    default: false
    }
  }
}

extension Configuration {
  var format: RepositoryFormat {
    let prefix = "extensions."
    return RepositoryFormat(
      version: self["core.repositoryformatversion"] ?? "0",
      extensions: keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
  }
}
