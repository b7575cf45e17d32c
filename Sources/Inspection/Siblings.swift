import Git
import Plan
import Platform
import Rules

/// The other worktrees' versions of a shared file, committed or not.
struct Siblings {
  let situation: Situation

  /// Those versions of a staged shared file that differ from their base, from trunk's and from ours, and do not merge with
  /// ours. Trunk's own is `shared.stale`'s to judge: every worktree that has moved onto trunk holds it.
  ///
  /// Of a sibling only this path is read, as a file; where line ends or filters may apply, from its index.
  func versions(of path: [UInt8], staged: TreeEntry?, merge: FileMerge) throws -> [(
    SharedFileElsewhere, identity: String
  )] {
    guard let head = situation.head else { return [] }
    let ours = try merge.version(staged)
    let onTrunk = try situation.trunk.map { trunk in
      try merge.version(situation.repository.entry(at: path, in: situation.repository.commit(trunk.tip).tree))
    }
    var result: [(SharedFileElsewhere, identity: String)] = []
    for worktree in try situation.repository.layout.worktrees() where isSibling(worktree) {
      guard let branch = worktree.branch, branch != situation.names?.branch,
        let tip = try situation.repository.target(of: branch),
        case .found(let base) = try situation.repository.mergeBase(head, tip)
      else { continue }
      let repository = situation.repository
      let baseEntry = try repository.entry(at: path, in: repository.commit(base).tree)
      let tipEntry = try repository.entry(at: path, in: repository.commit(tip).tree)
      let theirs = try version(of: path, in: worktree, committed: tipEntry, merge: merge)
      let original = try merge.version(baseEntry)
      if theirs == original || theirs == ours || onTrunk == .some(theirs) { continue }
      let verdict = try merge.verdict(path, base: original, ours: ours, theirs: theirs)
      guard verdict != .clean else { continue }
      let name = situation.stream(on: branch)?.id ?? branch.shortBranchName
      let here = situation.repository.layout.workTree ?? worktree.path
      let file = SharedFileElsewhere(
        path: path, stream: name, worktree: worktree.path.relative(to: here).description,
        directory: worktree.path.bytes, base: base, verdict: verdict)
      let content = try theirs.map { try repository.blobID(of: $0.contents).description } ?? "deleted"
      result.append((file, "\(branch) \(content)"))
    }
    return result
  }

  func isSibling(_ worktree: Worktree) -> Bool {
    worktree.gitDirectory != situation.repository.layout.gitDirectory && !worktree.isMissing
  }

  private func version(
    of path: [UInt8], in worktree: Worktree, committed: TreeEntry?, merge: FileMerge
  ) throws -> FileMerge.Version? {
    let converts =
      try AttributeFiles(worktree.layout).mayConvert(path)
      || situation.repository.configuration()["core.autocrlf"].map { $0 != "false" } ?? false
    let file = worktree.path.appending(path)
    guard let status = try? file.status(), status.isRegularFile else {
      // A sparse checkout leaves files out that are not deleted.
      return try (worktree.gitDirectory / "info/sparse-checkout").exists ? merge.version(committed) : nil
    }
    guard !converts else {
      let arguments: [Argument] = ["ls-files", "--stage", "-z", "--", Argument(":(top,literal)".utf8 + path)]
      let output = try GitCommand(in: worktree.path).output(arguments)
      let fields = output.prefix { $0 != UInt8(ascii: "\t") }.split(separator: UInt8(ascii: " "))
      guard fields.count == 3, let id = ObjectID(hex: fields[1]) else { return nil }
      return try merge.version(TreeEntry(mode: committed?.mode ?? 0o100644, id: id))
    }
    let mode: UInt32 = status.isExecutable ? 0o100755 : 0o100644
    return FileMerge.Version(mode: committed?.isFile == true ? committed!.mode : mode, contents: try file.contents())
  }
}
