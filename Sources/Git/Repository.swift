import Platform

/// An open repository as one of its worktrees sees it. Values leave; handles stay inside.
///
/// Not `Sendable`: libgit2 objects belong to one thread at a time, so each thread opens its own.
public final class Repository {
  public let layout: RepositoryLayout
  /// git on this very worktree, with the index that a hook was given.
  public private(set) lazy var git = makeGit()
  public let environment: Environment
  private var openReader: (any ObjectReader)?
  private var trees: [ObjectID: Tree] = [:]
  private var commits: [ObjectID: Commit] = [:]
  private var commitBytes = 0
  var made = MadeObjects()
  private var settings: Configuration?
  /// Few pairs are asked for, and often more than once.
  private(set) var mergeBases: [(one: ObjectID, other: ObjectID, base: MergeBase)] = []

  /// Opens what git names to its hooks, else the repository around `directory`.
  public convenience init(environment: Environment = .current, directory: FilePath? = nil) throws(GitError) {
    let here =
      if let directory { directory } else {
        try systemCall { () throws(SystemError) -> FilePath in try FilePath.currentDirectory() }
      }
    try self.init(RepositoryLayout(environment: environment, directory: here), environment: environment)
  }

  /// Opens a repository whose layout is known.
  ///
  /// In a hook nothing is opened before the first object is asked for: git has found the repository good, and files alone
  /// answer most questions.
  ///
  /// - Parameter environment: what git named to this hook; for another worktree pass one that was scrubbed.
  public init(_ layout: RepositoryLayout, environment: Environment) throws(GitError) {
    self.layout = layout
    self.environment = environment
    if !isNamedByGit { _ = try reader }
  }

  private var isNamedByGit: Bool { environment[bytes: "GIT_DIR"] != nil }

  private func makeGit() -> GitCommand {
    let directory = layout.workTree ?? layout.gitDirectory
    return isNamedByGit || environment[bytes: "GIT_INDEX_FILE"] != nil
      ? GitCommand(inheriting: environment, in: directory) : GitCommand(in: directory, environment: environment)
  }

  var reader: any ObjectReader {
    get throws(GitError) {
      if let openReader { return openReader }
      let reader = try open()
      openReader = reader
      return reader
    }
  }

  private func open() throws(GitError) -> any ObjectReader {
    if isNamedByGit, let format = try? configuration().format, format.isPlain,
      let libgit2 = try Libgit2Reader(objectsOf: layout)
    {
      return libgit2
    }
    if let libgit2 = try Libgit2Reader(layout) { return libgit2 }
    // git itself says whether this is a repository at all, and why it would not read it.
    try git.output(["rev-parse", "--git-dir"])
    return CommandReader(layout)
  }

  /// Throws what git says where it refuses what we would read: a git older than 2.48 does not know worktrees by relative
  /// paths. Hooks need not ask, for git has started them.
  public func checkThatGitReadsIt() throws(GitError) {
    guard !isNamedByGit, let config = try? (layout.commonDirectory / "config").contents(),
      config.mentions(name: "relativeworktrees")
    else { return }
    try git.output(["rev-parse", "--git-dir"])
  }

  /// Whether git reads this repository for us because libgit2 cannot.
  public var isReadByGit: Bool { (try? reader) is CommandReader }

  /// Everything that `git config` would say here.
  public func configuration() throws(GitError) -> Configuration {
    if let settings { return settings }
    let result = if let own = ownConfiguration() { own } else { try Configuration(git: git) }
    settings = result
    return result
  }

  /// The same, read in this process; `nil` where only git can tell.
  func ownConfiguration() -> Configuration? {
    guard let files = ConfigurationFiles(layout, environment: environment) else { return nil }
    return Configuration(files, environment: environment) {
      openReader as? Libgit2Reader ?? (try? Libgit2Reader(layout)).flatMap { $0 }
    }
  }

  func remember(_ base: MergeBase, of one: ObjectID, _ other: ObjectID) { mergeBases.append((one, other, base)) }

  // MARK: Refs

  /// What `HEAD` leads to.
  public func head() throws(GitError) -> Head {
    if let head = try Head(file: layout.gitDirectory / "HEAD") { return head }
    if let branch = try git.lineIfAny(["symbolic-ref", "--quiet", "HEAD"]) { return .branch(branch) }
    guard let id = try reader.target(of: "HEAD") else { throw GitError(.malformed("HEAD")) }
    return .detached(id)
  }

  /// The commit that `HEAD` leads to, or `nil` while the branch is unborn.
  public func headCommit() throws(GitError) -> ObjectID? { try commit(of: head()) }

  /// The commit that a `HEAD` leads to, or `nil` while the branch is unborn.
  public func commit(of head: Head) throws(GitError) -> ObjectID? {
    switch head {
    case .detached(let id): return id
    case .branch(let name): return try target(of: name)
    }
  }

  /// What a ref, named in full, leads to; `nil` when there is none.
  public func target(of reference: String) throws(GitError) -> ObjectID? {
    switch referenceFiles.target(of: reference) {
    case .found(let id): id
    case .absent: nil
    case .unknown: try reader.target(of: reference)
    }
  }

  private var referenceFiles: ReferenceFiles { ReferenceFiles(commonDirectory: layout.commonDirectory) }

  /// All refs whose full name starts with `prefix`, sorted by name.
  public func references(below prefix: String) throws(GitError) -> [Reference] {
    try reader.references(below: prefix)
  }

  /// What a revision as people write it names, peeled to a commit; `nil` when it names none. See gitrevisions(7).
  public func commitID(named revision: String) throws(GitError) -> ObjectID? {
    let arguments: [Argument] = [
      "rev-parse", "--verify", "--quiet", "--end-of-options", Argument(revision + "^{commit}"),
    ]
    let result = try git.run(arguments)
    guard result.succeeded else { return nil }
    return ObjectID(hex: firstLine(result.output))
  }

  // MARK: Objects

  public func hasObject(_ id: ObjectID) throws(GitError) -> Bool {
    if made[id] != nil { return true }
    return try reader.hasObject(id)
  }

  /// Most are asked for more than once: for a push, by each of several rules.
  public func commit(_ id: ObjectID) throws(GitError) -> Commit {
    if let commit = commits[id] { return commit }
    let commit = try Commit(id: id, contents: contents(of: id, as: .commit))
    if made[id] == nil, commitBytes < Self.commitLimit {
      commits[id] = commit
      commitBytes += commit.size
    }
    return commit
  }

  /// In bytes of their objects: some tens of thousands.
  private static let commitLimit = 16 << 20

  /// The bytes of a blob, unfiltered.
  public func blob(_ id: ObjectID) throws(GitError) -> [UInt8] { try contents(of: id, as: .blob) }

  /// The commit that an object leads to: itself, or what an annotated tag names; `nil` for trees, blobs and tags of these.
  public func peeledToCommit(_ id: ObjectID) throws(GitError) -> ObjectID? {
    var id = id
    for _ in 0..<16 {  // tags of tags are rare, rings impossible
      guard let object = try reader.object(id) else { throw GitError(.missingObject(id)) }
      switch object.type {
      case .commit: return id
      case .tree, .blob: return nil
      case .tag:
        guard object.contents.starts(with: "object ".utf8),
          let target = ObjectID(hex: firstLine(object.contents.dropFirst("object ".utf8.count)))
        else { throw GitError(.malformed("tag \(id)")) }
        id = target
      }
    }
    return nil
  }

  func contents(of id: ObjectID, as type: ObjectType) throws(GitError) -> [UInt8] {
    if let object = made[id], object.type == type { return object.contents }
    guard let object = try reader.object(id) else {
      // git fetches what a partial clone left out; libgit2 does not know how.
      let result = try git.run(["cat-file", Argument(type.rawValue), "\(id)"])
      guard result.succeeded else { throw GitError(.missingObject(id)) }
      return result.output
    }
    guard object.type == type else { throw GitError(.malformed("\(type) \(id): it is a \(object.type)")) }
    return object.contents
  }

  /// One directory's entries; a tree is read once.
  public func tree(_ id: ObjectID) throws(GitError) -> Tree {
    if let tree = trees[id] { return tree }
    let tree = try Tree(id: id, contents: contents(of: id, as: .tree))
    if trees.count > 4096 { trees.removeAll() }
    trees[id] = tree
    return tree
  }
}

extension Head {
  /// `nil` where the file does not say (a reftable repository writes `refs/heads/.invalid`).
  init?(file: FilePath) throws(GitError) {
    if let link = file.linkTarget(), link.bytes.starts(with: "refs/".utf8) {
      self = .branch(link.description)
      return
    }
    let bytes = try systemCall { () throws(SystemError) in try file.contents() }
    let line = firstLine(bytes)
    let prefix = Array("ref: ".utf8)
    if line.starts(with: prefix) {
      let name = String(decoding: line.dropFirst(prefix.count).drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
      if name == "refs/heads/.invalid" { return nil }
      self = .branch(name)
    } else if let id = ObjectID(hex: line) {
      self = .detached(id)
    } else {
      return nil
    }
  }
}
