import Platform

extension Repository {
  /// The tree without entries, in this repository's object format.
  public var emptyTree: ObjectID {
    get throws(GitError) {
      let sha1 = ObjectID(hex: "4b825dc642cb6eb9a060e54bf8d69288fbee4904")!  // git knows it in every repository
      guard isReadByGit else { return sha1 }
      let format = try git.line(["rev-parse", "--show-object-format"])
      return format == "sha256"
        ? ObjectID(hex: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321")! : sha1
    }
  }

  /// What is staged in the index that git named (this worktree's own otherwise), against a commit or a tree: `nil` is the
  /// empty one.
  ///
  /// Intent-to-add entries are not staged; a rename is a deletion and an addition. Unmerged paths are not in it.
  public func stagedChanges(against base: ObjectID?) throws(GitError) -> [TreeChange] {
    if !isReadByGit, let changes = try indexChanges(against: base) { return changes }
    let tree = if let base { base } else { try emptyTree }
    let output = try git.output([
      "diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none",
      "--ita-invisible-in-index", "\(tree)",
    ])
    return try RawDiff(output).changes
  }

  /// The same, read in this process; `nil` where only git can tell.
  func indexChanges(against base: ObjectID?) throws(GitError) -> [TreeChange]? {
    guard let mapping = try? FileMapping(layout.indexFile) else { return nil }
    do {
      let tree: ObjectID? = if let base { try treeID(of: base) } else { nil }
      return try mapping.withBytes { (bytes) throws(GitError) -> [TreeChange]? in
        guard let index = IndexFile(bytes) else { return nil }
        return try IndexComparison.changes(from: tree, to: index, in: self)
      }
    } catch {
      // git may have noted a tree in the index that it has not written.
      guard case .missingObject = error.reason else { throw error }
      return nil
    }
  }

  /// That of a commit; a tree's own.
  private func treeID(of id: ObjectID) throws(GitError) -> ObjectID {
    guard let object = try reader.object(id) else { throw GitError(.missingObject(id)) }
    return object.type == .commit ? try Commit(id: id, contents: object.contents).tree : id
  }
}

/// The output of `git diff-index --raw -z`; see "raw output format" in git-diff-index(1).
struct RawDiff {
  private(set) var changes: [TreeChange] = []

  /// `:oldmode newmode oldid newid status NUL path NUL`, again and again; no renames.
  init(_ output: [UInt8]) throws(GitError) {
    let fields = output.split(separator: 0, omittingEmptySubsequences: false)
    var index = 0
    while index + 1 < fields.count {
      let parts = fields[index].dropFirst().split(separator: UInt8(ascii: " "))
      guard parts.count == 5, let oldMode = UInt32(octal: parts[0]), let newMode = UInt32(octal: parts[1]) else {
        throw GitError(.malformed("the list of staged changes"))
      }
      if parts[4].first != UInt8(ascii: "U") {
        let old = ObjectID(hex: parts[2]).map { TreeEntry(mode: oldMode, id: $0) }
        let new = ObjectID(hex: parts[3]).map { TreeEntry(mode: newMode, id: $0) }
        changes.append(TreeChange(path: Array(fields[index + 1]), old: old, new: new))
      }
      index += 2
    }
  }
}

extension UInt32 {
  /// As git writes modes; `nil` for anything else than a few octal digits.
  public init?(octal digits: some Sequence<UInt8>) {
    self = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit), self < 1 << 24 else { return nil }
      self = self << 3 | UInt32(digit - UInt8(ascii: "0"))
    }
  }
}
