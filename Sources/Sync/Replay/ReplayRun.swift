import Git

/// One stream's replay under way.
struct ReplayRun {
  private let stream: Replay.Stream
  private let repository: Repository
  private var merger: PickMerge
  private var dropped: [DroppedCommit] = []
  private var rewritten: [Replay.Rewritten] = []

  init(_ stream: Replay.Stream, repository: Repository, merger: PickMerge) {
    self.stream = stream
    self.repository = repository
    self.merger = merger
  }

  /// - Parameters:
  ///   - commits: the stream's own, oldest first.
  ///   - common: where the stream and what it goes onto parted.
  mutating func outcome(
    of commits: [Commit], since common: ObjectID, history: TrunkHistory, form: CommitForm
  ) throws(GitError) -> Replay.Outcome {
    let squashed = try squashedPrefix(of: commits, in: history)
    for commit in commits.prefix(squashed?.count ?? 0) { drop(commit, .squashed(into: squashed!.into)) }  // not empty
    let rest = commits.dropFirst(squashed?.count ?? 0)
    let base = squashed == nil ? stream.base : commits[squashed!.count - 1].id
    func needsGit(_ reason: GitOnlyReason) -> Replay.Outcome { .needsGit(reason, base: base, dropped: dropped) }

    var changes: [CommitChange] = []
    for commit in rest {
      let change = try repository.change(of: commit)
      if change.files.contains(where: { $0.path.isAttributesFile }) { return needsGit(.attributes) }
      changes.append(change)
    }
    let beforeReplay = dropped
    let attributes = try MergeAttributes(repository, tree: repository.commit(stream.tip).tree, of: ["diff", "binary"])
    var head = stream.onto
    var tree = try repository.commit(head).tree
    for (commit, change) in zip(rest, changes) {
      if !change.files.isEmpty {
        guard let isKnown = try history.hasPatch(change, attributes: attributes) else {
          return .needsGit(.comparison, base: base, dropped: beforeReplay)
        }
        if isKnown {
          drop(commit, .samePatch)
          continue
        }
      }
      if commit.parents == [head] {
        (head, tree) = (commit.id, commit.tree)
        continue
      }
      let picked: ObjectID
      switch try pick(change, onto: tree) {
      case .merged(let merged): picked = merged
      case .needsDriver: return .needsGit(.mergeDriver, base: base, dropped: beforeReplay)
      case .conflict(let paths):
        if try isMerged(commits, since: common) { return merged(commits) }
        return .conflict(
          .init(
            commit: commit.id, subject: commit.subject, files: paths, dropped: dropped, mergedByGit: merger.mergedByGit)
        )
      }
      // What begins empty stays; what becomes empty is on trunk.
      if picked == tree, !change.files.isEmpty {
        drop(commit, .becameEmpty)
        continue
      }
      guard let contents = form.contents(of: commit, tree: picked, parent: head) else {
        return .needsGit(.commitForm, base: base, dropped: beforeReplay)
      }
      head = try repository.make(.commit, contents)
      tree = picked
      rewritten.append(.init(old: commit.id, new: head))
    }
    return .replayed(.init(tip: head, rewritten: rewritten, dropped: dropped, mergedByGit: merger.mergedByGit))
  }

  private mutating func pick(_ change: CommitChange, onto tree: ObjectID) throws(GitError) -> PickMerge.Outcome {
    guard let before = change.before else { preconditionFailure("a stream's commits have parents") }
    return try merger.merge(base: before, ours: tree, theirs: change.after)
  }

  private mutating func drop(_ commit: Commit, _ reason: DroppedCommit.Reason) {
    dropped.append(DroppedCommit(commit: commit.id, subject: commit.subject, reason: reason))
  }

  /// Whether merging the stream into what it goes onto would change nothing: its commits are there in another form, and
  /// conflict with their own result one by one.
  private mutating func isMerged(_ commits: [Commit], since common: ObjectID) throws(GitError) -> Bool {
    let onto = try repository.commit(stream.onto).tree
    let (base, tip) = (try repository.commit(common).tree, try repository.commit(stream.tip).tree)
    // Where trunk still has what the stream has changed, a merge changes something.
    for change in try repository.changes(from: base, to: tip)
    where try repository.entry(at: change.path, in: onto) == change.old { return false }
    return try merger.cleanMerge(base: base, ours: onto, theirs: tip) == onto
  }

  private func merged(_ commits: [Commit]) -> Replay.Outcome {
    let known = Dictionary(uniqueKeysWithValues: dropped.map { ($0.commit, $0) })
    let dropped = commits.map { known[$0.id] ?? DroppedCommit(commit: $0.id, subject: $0.subject, reason: .merged) }
    return .replayed(.init(tip: stream.onto, rewritten: [], dropped: dropped, mergedByGit: merger.mergedByGit))
  }
}

extension ReplayRun {
  /// The stream's first commits that one commit of trunk holds together, as a squash merge writes it, and that trunk has not
  /// taken back since: as many as there are.
  ///
  /// That trunk's commit is the stream's work, and nothing else, shows in this: merging the stream's commits into what was
  /// there before it gives what was there after it, whatever else trunk had changed in the same files.
  private mutating func squashedPrefix(
    of commits: [Commit], in history: TrunkHistory
  ) throws(GitError) -> (count: Int, into: ObjectID)? {
    let base = try repository.commit(stream.base).tree
    for count in stride(from: commits.count, to: 0, by: -1) {
      let tip = commits[count - 1]
      let files = try repository.changes(from: base, to: tip.tree)
      if files.isEmpty { continue }
      let combined = CommitChange(commit: tip.id, before: base, after: tip.tree, files: files)
      for place in history.places(like: combined) {
        let candidate = history.changes[place]
        guard let before = candidate.before, try repository.haveSameLines(combined, candidate),
          try merger.cleanMerge(base: base, ours: before, theirs: tip.tree) == candidate.after,
          try !isReverted(place, in: history)
        else { continue }
        return (count, candidate.commit)
      }
    }
    return nil
  }

  private mutating func isReverted(_ place: Int, in history: TrunkHistory) throws(GitError) -> Bool {
    var merger = merger
    defer { self.merger = merger }
    return try history.isReverted(place) { base, ours, theirs throws(GitError) in
      try merger.cleanMerge(base: base, ours: ours, theirs: theirs)
    }
  }
}
