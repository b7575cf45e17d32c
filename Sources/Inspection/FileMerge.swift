import ContentMerging
import Git
import Merging
import Plan
import Platform
import Policies
import Rules

/// Tells how two versions of a file merge: by the plan's policy where git would call our merge driver; of the rest in process
/// what is exact there, and by git what is not.
final class FileMerge {
  /// One version of a file; `nil` contents mean that it is not there.
  struct Version: Hashable {
    var mode: UInt32
    var contents: [UInt8]

    var isSubmodule: Bool { mode == 0o160000 }
  }

  private let situation: Situation
  private var scratch: ScratchRepository?
  private var known: ContentMerge?
  private var latest: (base: [UInt8], ours: [UInt8], text: TextBase, change: TextChange)?
  private lazy var drivers = DriverAttributes(repository.layout, git: repository.git)

  private var repository: Repository { situation.repository }

  init(_ situation: Situation) { self.situation = situation }

  func version(_ entry: TreeEntry?) throws -> Version? {
    guard let entry else { return nil }
    // A submodule is its commit: two different ones never merge as text.
    let contents = entry.isSubmodule ? entry.id.bytes : try repository.blob(entry.id)
    return Version(mode: entry.mode, contents: contents)
  }

  func verdict(_ path: [UInt8], base: Version?, ours: Version?, theirs: Version?) throws -> MergeVerdict {
    if ours == theirs || ours == base || theirs == base { return .clean }
    if let ours, let theirs, [ours, theirs, base ?? ours].allSatisfy(\.isSubmodule) {
      return merges(base, ours, theirs, at: path) ? .clean : .conflict([])
    }
    guard let ours, let theirs, isText(ours), isText(theirs) else { return .conflict([]) }
    if let base, !isText(base) { return .conflict([]) }
    if let shared = situation.sharedFiles(for: path), shared.merge.hasDriver, try drivers.isOurs(path) {
      return try verdict(of: shared, path, base: base, ours: ours, theirs: theirs)
    }
    let file = FileVersions(path: path, base: try base.map(entry), ours: try entry(ours), theirs: try entry(theirs))
    switch try contents().prospect(of: file) {
    case .clean: return .clean
    case .conflict(let regions): return .conflict(regions)
    case .undecided: return try verdictOfGit(path, base: base, ours: ours, theirs: theirs)
    }
  }

  /// The function of the conflict map, and its attributes: trunk's.
  private func contents() throws -> ContentMerge {
    if let known { return known }
    let commit = situation.trunk?.tip ?? situation.head
    let tree = if let commit { try repository.commit(commit).tree } else { try repository.emptyTree }
    let contents = try ContentMerge(repository, attributesOf: tree)
    known = contents
    return contents
  }

  private func entry(_ version: Version) throws -> TreeEntry {
    TreeEntry(mode: version.mode, id: try repository.make(.blob, version.contents))
  }

  private func verdictOfGit(
    _ path: [UInt8], base: Version?, ours: Version, theirs: Version
  ) throws -> MergeVerdict {
    let scratch =
      if let scratch { scratch } else { try ScratchRepository(borrowingFrom: repository, hasOwnAttributes: true) }
    self.scratch = scratch
    try scratch.placeAttributes(contents().attributes.files(above: [path]))
    func files(_ version: Version?) -> [ScratchRepository.File] {
      version.map { [.init(path: path, mode: $0.mode, contents: $0.contents)] } ?? []
    }
    switch try scratch.merge(base: files(base), ours: files(ours), theirs: files(theirs)) {
    case .clean: return .clean
    case .conflict: return .conflict([])
    }
  }

  /// As git merges two pointers.
  private func merges(_ base: Version?, _ ours: Version, _ theirs: Version, at path: [UInt8]) -> Bool {
    guard let base = base.flatMap({ ObjectID(bytes: $0.contents) }), let ours = ObjectID(bytes: ours.contents),
      let theirs = ObjectID(bytes: theirs.contents)
    else { return false }
    return SubmoduleHistory(of: path, in: repository.layout)?.merge(base: base, ours: ours, theirs: theirs) != nil
  }

  private func verdict(
    of shared: Plan.SharedFiles, _ path: [UInt8], base: Version?, ours: Version, theirs: Version
  ) throws -> MergeVerdict {
    let isModeDecided = ours.mode == theirs.mode || base.map { [ours.mode, theirs.mode].contains($0.mode) } ?? false
    let old = base?.contents ?? []
    let merger = SharedFileMerge(shared, git: repository.git)
    if isModeDecided, let base {
      let (left, right) = textChanges(from: base.contents, to: ours.contents, and: theirs.contents)
      if merger.clearlyMerges(left, right, path: path) { return .clean }
    }
    let outcome = try merger.merge(
      base: old, ours: ours.contents, theirs: theirs.contents, path: path,
      trunk: { [situation] () throws(GitError) in try situation.contentsOnTrunk(of: path) })
    if isModeDecided, outcome.content.merged != nil { return .clean }
    if case .conflict(let regions) = TextMerge(base: old, ours: ours.contents, theirs: theirs.contents) {
      return .conflict(regions)
    }
    return .conflict([])
  }

  /// One side after the other is compared with the same base and the same change of ours.
  private func textChanges(
    from base: [UInt8], to ours: [UInt8], and theirs: [UInt8]
  ) -> (ours: TextChange, theirs: TextChange) {
    if latest?.base != base || latest?.ours != ours {
      let text = TextBase(base)
      latest = (base, ours, text, TextChange(text, ours))
    }
    let latest = latest!  // just set
    return (latest.change, TextChange(latest.text, theirs))
  }

  private func isText(_ version: Version) -> Bool { version.mode & 0o170000 == 0o100000 }
}

extension Situation {
  /// The bytes of a file as trunk's tip has it.
  public func contentsOnTrunk(of path: [UInt8]) throws(GitError) -> [UInt8]? {
    guard let trunk else { return nil }
    let entry = try repository.entry(at: path, in: repository.commit(trunk.tip).tree)
    guard let entry, entry.isFile else { return nil }
    return try repository.blob(entry.id)
  }
}

/// The `.gitattributes` of a working tree that can reach a path, looked at only for words that matter to us.
struct AttributeFiles {
  private let layout: RepositoryLayout

  init(_ layout: RepositoryLayout) { self.layout = layout }

  /// Whether bytes in the working tree may differ from those in the index: line ends, filters, encodings.
  func mayConvert(_ path: [UInt8]) -> Bool {
    mentions(["filter", "text", "eol", "crlf", "ident", "encoding"], above: path)
  }

  /// Whether they may differ in more than their line ends.
  func mayTransform(_ path: [UInt8]) -> Bool { mentions(["filter", "ident", "encoding"], above: path) }

  private func mentions(_ words: [String], above path: [UInt8]) -> Bool {
    var files = [layout.commonDirectory / "info/attributes"]
    if let workTree = layout.workTree {
      var directory = FilePath(path).parent
      while directory != "." && directory != "/" {
        files.append(workTree.appending(directory.bytes) / ".gitattributes")
        directory = directory.parent
      }
      files.append(workTree / ".gitattributes")
    }
    return files.contains { file in
      guard let bytes = try? file.contents() else { return false }
      let text = bytes.map { $0 == UInt8(ascii: "\t") ? UInt8(ascii: " ") : $0 }
      return words.contains { text.mentions($0) }
    }
  }
}
