import CLibgit2
import Platform

/// The few questions that need git's object store, answered by libgit2 or, where it cannot read the repository, by git.
protocol ObjectReader: AnyObject {
  /// The type (`commit`, `tree`, `blob`, `tag`) and the bytes; `nil` when there is no such object.
  func object(_ id: ObjectID) throws(GitError) -> (type: ObjectType, contents: [UInt8])?

  /// Whether the object is there, without reading it.
  func hasObject(_ id: ObjectID) throws(GitError) -> Bool

  /// What a full ref name leads to, symbolic refs followed; `nil` when there is no such ref.
  func target(of reference: String) throws(GitError) -> ObjectID?

  /// All refs whose full name starts with `prefix`, sorted by name.
  func references(below prefix: String) throws(GitError) -> [Reference]

  /// The best common ancestors; empty for unrelated histories, `nil` where the history at hand cannot tell (a shallow
  /// clone, or grafts that only git knows).
  func mergeBases(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> [ObjectID]?

  /// The commits that `tip` reaches and `excluded` does not, children before parents; `nil` where the history at hand cannot
  /// tell.
  func commitIDs(reachableFrom tip: ObjectID, excluding excluded: ObjectID) throws(GitError) -> [ObjectID]?

  /// Whether history can be walked by what commits say their parents are, object by object.
  var walksHistory: Bool { get }

  /// Tells that whoever walks history keeps what he reads, or does no longer.
  func walkIsKept(_ isKept: Bool)

  /// What git would name an object of these bytes; nothing is written.
  func name(of contents: [UInt8], as type: ObjectType) throws(GitError) -> ObjectID

  /// Puts an object into the repository; one that is there already is left alone.
  func write(_ contents: [UInt8], as type: ObjectType) throws(GitError)
}

/// See git-cat-file(1).
public enum ObjectType: String, Sendable {
  case commit
  case tree
  case blob
  case tag
}

/// libgit2's process-wide state: started once, never shut down.
private let libraryStart: CInt = preflight_libgit2_start()

/// The one door for results of C functions. libgit2 keeps its reason per thread and overwrites it: read beside the call.
func check(_ code: CInt, _ operation: @autoclosure () -> String) throws(GitError) {
  guard code < 0 else { return }
  let message = git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "error \(code)"
  git_error_clear()
  throw GitError(.library(operation: operation(), code: code, message: message))
}

/// Reads through libgit2, which must understand the repository's format.
final class Libgit2Reader: ObjectReader {
  private let repository: OpaquePointer
  private let objects: OpaquePointer
  private let layout: RepositoryLayout
  /// Opened for what needs more than objects.
  private var whole: Libgit2Reader?
  private let hasObjectsOnly: Bool

  /// `nil` where libgit2 refuses a repository that git may well read (SHA-256, reftable, an unknown extension).
  init?(_ layout: RepositoryLayout) throws(GitError) {
    try check(libraryStart, "start libgit2")
    self.layout = layout
    hasObjectsOnly = false
    var pointer: OpaquePointer?
    let flags = UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue) | UInt32(GIT_REPOSITORY_OPEN_NO_DOTGIT.rawValue)
    func open() -> CInt {
      layout.gitDirectory.withCString { git_repository_open_ext(&pointer, $0, flags, nil) }
    }
    var code = open()
    if code == GIT_EOWNER.rawValue || Self.isMissingSafeDirectory(code) {
      try Self.askGitWhetherOwned(layout)
      preflight_libgit2_validate_owner(0)
      code = open()
    }
    guard code == 0, let pointer else {
      git_error_clear()
      return nil
    }
    repository = pointer
    var database: OpaquePointer?
    guard git_repository_odb(&database, pointer) == 0, let database else {
      git_repository_free(pointer)
      return nil
    }
    objects = database
  }

  /// The objects alone, which costs a third: no configuration is read, and no owner compared.
  ///
  /// For a repository that git has found good, in a format that libgit2 knows; `nil` where it cannot be opened so.
  init?(objectsOf layout: RepositoryLayout) throws(GitError) {
    try check(libraryStart, "start libgit2")
    self.layout = layout
    hasObjectsOnly = true
    var database: OpaquePointer?
    let code = (layout.commonDirectory / "objects").withCString { git_odb_open(&database, $0) }
    var pointer: OpaquePointer?
    guard code == 0, let database, git_repository_wrap_odb(&pointer, database) == 0, let pointer else {
      git_odb_free(database)
      git_error_clear()
      return nil
    }
    objects = database
    repository = pointer
  }

  /// This reader or, where it has the objects alone, one of the whole repository.
  private func ofRefs() throws(GitError) -> Libgit2Reader {
    guard hasObjectsOnly else { return self }
    if let whole { return whole }
    guard let reader = try Libgit2Reader(layout) else { throw GitError(.malformed("\(layout.gitDirectory)")) }
    whole = reader
    return reader
  }

  deinit {
    git_odb_free(objects)
    git_repository_free(repository)
  }

  /// libgit2 1.5 says "not found" where no safe.directory is configured at all.
  private static func isMissingSafeDirectory(_ code: CInt) -> Bool {
    guard code == GIT_ENOTFOUND.rawValue, let error = git_error_last(), let text = error.pointee.message else {
      return false
    }
    return String(cString: text).utf8.mentions("safe.directory")
  }

  private static func askGitWhetherOwned(_ layout: RepositoryLayout) throws(GitError) {
    let git = GitCommand(in: layout.workTree ?? layout.gitDirectory)
    let result = try git.run(["rev-parse", "--git-dir"])
    guard result.succeeded else { throw GitError(.notOwned(String(decoding: result.error, as: UTF8.self))) }
  }

  func object(_ id: ObjectID) throws(GitError) -> (type: ObjectType, contents: [UInt8])? {
    guard var name = id.libraryName else { return nil }
    var object: OpaquePointer?
    let code = git_odb_read(&object, objects, &name)
    if code == GIT_ENOTFOUND.rawValue {
      git_error_clear()
      return nil
    }
    try check(code, "read object \(id)")
    defer { git_odb_object_free(object) }
    let type: ObjectType
    switch git_odb_object_type(object) {
    case GIT_OBJECT_COMMIT: type = .commit
    case GIT_OBJECT_TREE: type = .tree
    case GIT_OBJECT_BLOB: type = .blob
    default: type = .tag
    }
    return (type, Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))))
  }

  func hasObject(_ id: ObjectID) throws(GitError) -> Bool {
    guard var name = id.libraryName else { return false }
    return git_odb_exists(objects, &name) == 1
  }

  func target(of reference: String) throws(GitError) -> ObjectID? {
    var name = git_oid()
    let code = git_reference_name_to_id(&name, try ofRefs().repository, reference)
    if code == GIT_ENOTFOUND.rawValue || code == GIT_EINVALIDSPEC.rawValue {
      git_error_clear()
      return nil
    }
    try check(code, "resolve '\(reference)'")
    return ObjectID(name)
  }

  func references(below prefix: String) throws(GitError) -> [Reference] {
    var names = git_strarray()
    try check(git_reference_list(&names, try ofRefs().repository), "list refs")
    defer { git_strarray_dispose(&names) }
    var result: [Reference] = []
    for index in 0..<names.count {
      guard let bytes = names.strings[index] else { continue }
      let name = String(cString: bytes)
      if name.hasPrefix(prefix), let id = try target(of: name) { result.append(Reference(name: name, target: id)) }
    }
    return result.sorted { $0.name < $1.name }
  }

  /// Whether parents are what commits say: libgit2 knows neither replacement refs nor, before 1.7, shallow clones and grafts.
  var walksHistory: Bool {
    !["shallow", "info/grafts", "refs/replace"].contains { (layout.commonDirectory / $0).exists }
  }

  func walkIsKept(_ isKept: Bool) { preflight_libgit2_keep_commits(isKept ? 0 : 1) }

  func commitIDs(reachableFrom tip: ObjectID, excluding excluded: ObjectID) throws(GitError) -> [ObjectID]? {
    guard walksHistory, var start = tip.libraryName, var end = excluded.libraryName else { return nil }
    var walk: OpaquePointer?
    try check(git_revwalk_new(&walk, repository), "walk history")
    defer { git_revwalk_free(walk) }
    git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue)
    for code in [git_revwalk_push(walk, &start), git_revwalk_hide(walk, &end)] { try check(code, "walk history") }
    var result: [ObjectID] = []
    while true {
      var name = git_oid()
      let code = git_revwalk_next(&name, walk)
      if code == GIT_ITEROVER.rawValue { return result }
      try check(code, "walk history")
      if let id = ObjectID(name) { result.append(id) }
    }
  }

  func mergeBases(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> [ObjectID]? {
    guard walksHistory, var first = one.libraryName, var second = other.libraryName else { return nil }
    var bases = git_oidarray()
    let code = git_merge_bases(&bases, repository, &first, &second)
    if code == GIT_ENOTFOUND.rawValue {
      git_error_clear()
      guard try hasObject(one), try hasObject(other) else { return nil }
      return []
    }
    try check(code, "find the merge base of \(one) and \(other)")
    defer { git_oidarray_dispose(&bases) }
    return (0..<bases.count).compactMap { ObjectID(bases.ids[$0]) }
  }
}

extension Libgit2Reader {
  /// The settings in a file and in those that it includes, in the order of reading; `nil` where libgit2 cannot read it.
  func settings(in file: FilePath) -> [(key: String, value: String?)]? {
    defer { git_error_clear() }
    guard let place = try? ofRefs().repository else { return nil }  // what `gitdir:` and `onbranch:` look at
    var configuration: OpaquePointer?
    guard git_config_new(&configuration) == 0 else { return nil }
    defer { git_config_free(configuration) }
    let code = file.withCString { git_config_add_file_ondisk(configuration, $0, GIT_CONFIG_LEVEL_LOCAL, place, 0) }
    var iterator: OpaquePointer?
    guard code == 0, git_config_iterator_new(&iterator, configuration) == 0 else { return nil }
    defer { git_config_iterator_free(iterator) }
    var result: [(key: String, value: String?)] = []
    while true {
      var entry: UnsafeMutablePointer<git_config_entry>?
      switch git_config_next(&entry, iterator) {
      case 0:
        guard let entry = entry?.pointee, let name = entry.name else { return nil }
        result.append((String(cString: name), entry.value.map { String(cString: $0) }))
      case GIT_ITEROVER.rawValue: return result
      default: return nil
      }
    }
  }

  func name(of contents: [UInt8], as type: ObjectType) throws(GitError) -> ObjectID {
    var name = git_oid()
    let code = contents.withUnsafeBytes { git_odb_hash(&name, $0.baseAddress, $0.count, type.libraryType) }
    try check(code, "name a \(type)")
    guard let id = ObjectID(name) else { throw GitError(.malformed("the name of a \(type)")) }
    return id
  }

  func write(_ contents: [UInt8], as type: ObjectType) throws(GitError) {
    var name = git_oid()
    let code = contents.withUnsafeBytes { git_odb_write(&name, objects, $0.baseAddress, $0.count, type.libraryType) }
    try check(code, "write a \(type)")
  }
}

extension ObjectType {
  fileprivate var libraryType: git_object_t {
    switch self {
    case .commit: GIT_OBJECT_COMMIT
    case .tree: GIT_OBJECT_TREE
    case .blob: GIT_OBJECT_BLOB
    case .tag: GIT_OBJECT_TAG
    }
  }
}

extension ObjectID {
  /// `nil` for all zeroes.
  init?(_ name: git_oid) {
    let id = withUnsafeBytes(of: name.id) { ObjectID(raw: $0) }
    guard let id else { return nil }
    self = id
  }

  /// `nil` for SHA-256, which released versions of libgit2 cannot hold.
  var libraryName: git_oid? {
    guard byteCount == 20 else { return nil }
    var result = git_oid()
    withUnsafeMutableBytes(of: &result.id) { $0.copyBytes(from: bytes) }
    return result
  }
}

extension FilePath {
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var terminated = bytes.map { CChar(bitPattern: $0) }
    terminated.append(0)
    return terminated.withUnsafeBufferPointer { body($0.baseAddress!) }  // never empty: it ends in NUL
  }
}
