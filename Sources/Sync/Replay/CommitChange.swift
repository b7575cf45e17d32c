import Git

/// What a commit, or several in a row, changed.
struct CommitChange {
  /// The last of them.
  let commit: ObjectID
  /// The tree before; `nil` for a root commit.
  let before: ObjectID?
  let after: ObjectID
  /// In git's order.
  let files: [TreeChange]

  /// What two changes must share to be the same: paths, and what was added or deleted there with which mode, or which mode
  /// became which (git compares that since 2.39).
  var outline: [UInt8] {
    files.flatMap { file -> [UInt8] in
      let kind =
        switch (file.old, file.new) {
        case (nil, let new?): "+\(new.mode)"
        case (let old?, nil): "-\(old.mode)"
        case (let old?, let new?) where old.mode != new.mode: "\(old.mode)>\(new.mode)"
        default: ""
        }
      return file.path + [0] + Array(kind.utf8) + [0]
    }
  }
}

extension Repository {
  func change(of commit: Commit) throws(GitError) -> CommitChange {
    let before = if let parent = commit.parents.first { try self.commit(parent).tree } else { ObjectID?.none }
    return CommitChange(
      commit: commit.id, before: before, after: commit.tree, files: try changes(from: before, to: commit.tree))
  }

  /// Whether git takes two changes for the same patch, as `git rebase` does for commits that the new base has already; see
  /// git-patch-id(1). `nil` where attributes may have a say.
  func arePatchesEqual(
    _ one: CommitChange, _ other: CommitChange, attributes: MergeAttributes
  ) throws(GitError) -> Bool? {
    guard one.files.count == other.files.count else { return false }
    for (left, right) in zip(one.files, other.files) {
      if left.old?.id == right.old?.id, left.new?.id == right.new?.id { continue }
      if try attributes.mayDecide(left.path) { return nil }
      // A binary file's two blobs would have to be the same.
      guard let text = try patchText(of: left), try patchText(of: right) == text else { return false }
    }
    return true
  }
}

extension Repository {
  /// Whether two changes put the same lines into each file and take the same ones out, wherever they stand: which two must
  /// that are one another's squash. Cheaper than a merge, and most candidates fail here.
  func haveSameLines(_ one: CommitChange, _ other: CommitChange) throws(GitError) -> Bool {
    for (left, right) in zip(one.files, other.files) {
      if left.old?.id == right.old?.id, left.new?.id == right.new?.id { continue }
      guard try lineBalance(of: left) == lineBalance(of: right) else { return false }
    }
    return one.files.count == other.files.count
  }

  /// How many more (or fewer) of each line a file has after a change; lines whose number stayed are left out.
  private func lineBalance(of change: TreeChange) throws(GitError) -> [ArraySlice<UInt8>: Int] {
    var balance: [ArraySlice<UInt8>: Int] = [:]
    for (entry, step) in [(change.old, -1), (change.new, 1)] {
      guard let entry, !entry.isSubmodule else { continue }
      for line in try blob(entry.id).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        balance[line, default: 0] += step
      }
    }
    return balance.filter { $0.value != 0 }
  }
}
