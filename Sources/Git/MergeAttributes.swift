import Platform

/// Whether attributes may have a say in how a path merges: a merge driver, or a declaration as binary; or, of other names, in
/// how it is compared.
///
/// git takes them from the working tree in which it merges, which at a rebase is that of the new base; see gitattributes(5).
public final class MergeAttributes {
  let repository: Repository
  let tree: ObjectID
  private let names: Set<[UInt8]>
  /// Those that are in force in every directory.
  private let common: [AttributePatterns]
  private var directories: [[UInt8]: AttributePatterns?] = [:]

  /// - Parameters:
  ///   - tree: whose `.gitattributes` are in force.
  ///   - names: the attributes that count.
  public init(
    _ repository: Repository, tree: ObjectID, of names: [String] = ["merge", "binary"]
  ) throws(GitError) {
    self.repository = repository
    self.tree = tree
    let names = Set(names.map { Array($0.utf8) })
    self.names = names
    var common: [AttributePatterns] = []
    for file in try repository.commonAttributeFiles() {
      let contents = try systemCall { () throws(SystemError) in try file.contentsIfPresent() }
      if let contents { common.append(AttributePatterns(contents, mentioning: names)) }
    }
    self.common = common
  }

  public func mayDecide(_ path: [UInt8]) throws(GitError) -> Bool {
    if common.contains(where: { $0.mayMatch(path[...]) }) { return true }
    var start = path.startIndex
    while true {
      if try patterns(in: Array(path[..<start]))?.mayMatch(path[start...]) ?? false { return true }
      guard let slash = path[start...].firstIndex(of: UInt8(ascii: "/")) else { return false }
      start = slash + 1
    }
  }

  /// - Parameter directory: ends in a slash, or is empty.
  private func patterns(in directory: [UInt8]) throws(GitError) -> AttributePatterns? {
    if let known = directories[directory] { return known }
    var result: AttributePatterns?
    if let entry = try repository.entry(at: directory + ".gitattributes".utf8, in: tree), entry.isFile {
      result = AttributePatterns(try repository.blob(entry.id), mentioning: names)
    }
    directories[directory] = .some(result)
    return result
  }
}

extension Repository {
  /// What `~` stands for in a configured path.
  public var home: FilePath? { environment["HOME"].map { FilePath($0) } }

  /// The files of attributes outside the working tree; not all of them need to exist.
  ///
  /// Where git keeps the system's was decided when it was built: one too many does no harm.
  public func commonAttributeFiles() throws(GitError) -> [FilePath] {
    var files = [layout.commonDirectory / "info/attributes"]
    for place in ["/etc", "/usr/local/etc", "/opt/homebrew/etc"] { files.append(FilePath(place) / "gitattributes") }
    if let named = try configuration()["core.attributesfile"] {
      let path = named.hasPrefix("~/") ? home.map { $0 / String(named.dropFirst(2)) } : FilePath(named)
      if let path { files.append(path) }
    } else if let settings = environment["XDG_CONFIG_HOME"], !settings.isEmpty {
      files.append(FilePath(settings) / "git/attributes")
    } else if let home {
      files.append(home / ".config/git/attributes")
    }
    return files
  }
}
