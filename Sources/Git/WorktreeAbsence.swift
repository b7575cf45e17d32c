import Platform

extension Worktree {
  /// Why git would not find a worktree's files at its path. Nothing is to be read or written there.
  public enum Absence: Hashable, Sendable {
    /// The directory is gone, or no longer belongs to this registration.
    case gone
    /// `core.bare` is true, and this is a working tree: a git that ran in a hook with another directory's `GIT_DIR` sets it.
    case bare(config: FilePath)
    /// `core.worktree` names another directory, where git would write in this one's place.
    case elsewhere(FilePath, config: FilePath)

    public var sentence: String {
      switch self {
      case .gone: "the directory is gone"
      case .bare: "core.bare is true, and this is a working tree"
      case .elsewhere(let place, _): "core.worktree has git write to '\(place)'"
      }
    }

    /// What mends it, for a shell.
    public var repair: String {
      switch self {
      case .gone: "git worktree repair"
      case .bare(let config): "git config --file \(shellQuoted(config)) core.bare false"
      case .elsewhere(_, let config): "git config --file \(shellQuoted(config)) --unset core.worktree"
      }
    }
  }
}

/// The settings that say where a repository has its files. git is asked only where a line may set one.
struct PlacementSettings {
  private let commonDirectory: FilePath
  private let file: FilePath
  private let text: [UInt8]

  init(_ commonDirectory: FilePath) {
    self.commonDirectory = commonDirectory
    file = commonDirectory / "config"
    text = (try? file.contents()) ?? []
  }

  /// Whether there is said to be no main worktree.
  var isBare: Bool {
    let lines = text.split(separator: UInt8(ascii: "\n")).filter { $0.mentions(name: "bare") }
    // As `git init` writes it.
    if lines.allSatisfy({ $0.elementsEqual("\tbare = false".utf8) }) { return false }
    return (try? GitCommand(in: commonDirectory).lineIfAny(["config", "--type=bool", "core.bare"])) == "true"
  }

  func absence(ofMain path: FilePath) throws(GitError) -> Worktree.Absence? {
    if !path.isDirectory { return .gone }
    if isBare { return .bare(config: file) }
    if let absence = try elsewhere(path, commonDirectory, file) { return absence }
    return try absence(ofLinked: path, commonDirectory)
  }

  /// Where the directory and the registration name each other. What all worktrees share says nothing of a linked one.
  func absence(ofLinked path: FilePath, _ gitDirectory: FilePath) throws(GitError) -> Worktree.Absence? {
    guard text.mentions(name: "worktreeconfig") else { return nil }
    return try elsewhere(path, gitDirectory, gitDirectory / "config.worktree")
  }

  private func elsewhere(
    _ path: FilePath, _ gitDirectory: FilePath, _ config: FilePath
  ) throws(GitError) -> Worktree.Absence? {
    guard let text = config == file ? text : try? config.contentsIfPresent(), text.maySetWorktree,
      let set = try GitCommand(in: path).lineIfAny(["config", "--file", Argument(config), "core.worktree"])
    else { return nil }
    let place = gitDirectory.appending(set).normalized
    return place.isSameFile(as: path) ? nil : .elsewhere(place, config: config)
  }
}

extension [UInt8] {
  /// Whether a line begins as one that sets `worktree`; `worktreeConfig` is another thing.
  fileprivate var maySetWorktree: Bool {
    split(separator: UInt8(ascii: "\n")).contains { line in
      let key = (line.lastIndex(of: UInt8(ascii: "]")).map { line[($0 + 1)...] } ?? line).drop {
        $0 == 0x20 || $0 == 0x09
      }
      let rest = key.dropFirst("worktree".utf8.count).first
      return key.prefix("worktree".utf8.count).mentions(name: "worktree")
        && (rest == nil || rest == 0x20 || rest == 0x09 || rest == UInt8(ascii: "="))
    }
  }
}

extension RandomAccessCollection<UInt8> {
  /// Whether a word of small letters stands in it, in letters of either size.
  func mentions(name: String) -> Bool {
    let name = Array(name.utf8)
    return indices.contains { start in
      (self[start] | 0x20) == name[0] && self[start...].prefix(name.count).elementsEqual(name) { $0 | 0x20 == $1 }
    }
  }
}
