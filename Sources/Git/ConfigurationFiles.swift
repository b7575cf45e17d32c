import Platform

/// The files that git reads its configuration from, in its order; see FILES in git-config(1).
struct ConfigurationFiles {
  /// Those above the repository: the system's, then the user's.
  let outer: [FilePath]
  let repository: FilePath
  /// Read where `extensions.worktreeConfig` is set.
  let worktree: FilePath

  /// `nil` where the files do not tell all: options on a command line, and a git that keeps its system's file elsewhere.
  init?(_ layout: RepositoryLayout, environment: Environment) {
    for name in ["GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT"] where environment[name] != nil {
      return nil
    }
    guard let system = Self.systemFile(environment), let user = Self.userFiles(environment) else { return nil }
    outer = system + user
    repository = layout.commonDirectory / "config"
    worktree = layout.gitDirectory / "config.worktree"
  }

  private static func systemFile(_ environment: Environment) -> [FilePath]? {
    if let named = environment["GIT_CONFIG_SYSTEM"] { return absolute(named).map { [$0] } }
    if let isLeftOut = environment["GIT_CONFIG_NOSYSTEM"] { return isLeftOut == "1" ? [] : nil }
    // Where it is was decided when git was built: a system's own git has it here, others below their own prefix.
    let search = (environment[bytes: "PATH"] ?? []).split(separator: UInt8(ascii: ":"))
    if let program = search.lazy.map({ FilePath(Array($0)) / "git" }).first(where: \.canBeExecuted) {
      guard ["/usr/bin", "/usr/lib/git-core", "/usr/libexec/git-core"].contains(program.parent) else { return nil }
      #if os(macOS)
        return nil  // what Xcode brings has a second file
      #endif
    }
    return ["/etc/gitconfig"]
  }

  private static func userFiles(_ environment: Environment) -> [FilePath]? {
    if let named = environment["GIT_CONFIG_GLOBAL"] { return absolute(named).map { [$0] } }
    guard let home = environment["HOME"].flatMap(absolute) else { return nil }
    let settings: FilePath
    if let named = environment["XDG_CONFIG_HOME"], !named.isEmpty {
      guard let named = absolute(named) else { return nil }
      settings = named
    } else {
      settings = home / ".config"
    }
    return [settings / "git/config", home / ".gitconfig"]
  }

  private static func absolute(_ path: String) -> FilePath? { path.hasPrefix("/") ? FilePath(path) : nil }
}

extension Configuration {
  /// What git would say, read in this process; `nil` where only git can tell.
  ///
  /// - Parameter reader: reads what our own reader leaves to others: includes above all.
  init?(_ files: ConfigurationFiles, environment: Environment, reader: () -> Libgit2Reader?) {
    self.init()
    guard files.outer.allSatisfy({ add($0, environment, reader) }), add(files.repository, environment, reader) else {
      return nil
    }
    if boolean("extensions.worktreeconfig") ?? false, !add(files.worktree, environment, reader) { return nil }
  }

  private mutating func add(_ file: FilePath, _ environment: Environment, _ reader: () -> Libgit2Reader?) -> Bool {
    let contents: [UInt8]
    do {
      guard let bytes = try file.contentsIfPresent() else { return true }
      contents = bytes
    } catch { return false }
    if let settings = ConfigurationText.settings(in: contents) {
      for (key, value) in settings { append(key, value) }
      return true
    }
    guard let settings = reader()?.settings(in: file) else { return false }
    for (key, value) in settings where !Self.isTrusted(key, value, environment) { return false }
    for (key, value) in settings { append(key, value) }
    return true
  }

  /// Whether libgit2 follows this setting as git does. It knows no `hasconfig:`, and resolves fewer symbolic links in
  /// `gitdir:`; `~` is the home directory of this process.
  private static func isTrusted(_ key: String, _ value: String?, _ environment: Environment) -> Bool {
    if key.hasPrefix("includeif.") { return key.hasPrefix("includeif.onbranch:") }
    guard key == "include.path", let value, value.hasPrefix("~") else { return true }
    return value.hasPrefix("~/") && environment["HOME"] == Environment.current["HOME"]
  }
}
