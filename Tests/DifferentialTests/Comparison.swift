import ContentMerging
import Git
import Platform
import TestSupport

@testable import Sync

/// Replays histories and has git rebase them, and says where the two differ.
struct Comparison {
  struct Result {
    var history: History
    var verdict: Verdict
    /// What differs; `nil`: nothing.
    var difference: String?
    /// Whether both sides changed one of the paths.
    var overlaps = false
    var isConflict = false
    /// Whether no git was asked.
    var isFast = false
  }

  enum Verdict { case replayed, conflict, needsGit }

  /// Something that is wrong with the fast path on purpose.
  enum Fault: String, CaseIterable, Sendable {
    case deletionWins = "a file that one side deleted is not looked at for changes of the other"
    case renamedTwice = "a file that both sides deleted may be renamed to two places"
    case goneDirectories = "a directory that one side renamed takes new files of the other"
    case oursOnConflict = "lines that touch are taken from ours"
    case oursOnUndecided = "lines that can be paired in several ways are taken from ours"

    fileprivate var conditions: TreeMerge.Conditions {
      switch self {
      case .deletionWins: TreeMerge.Conditions.all.subtracting(.changedAndDeleted)
      case .renamedTwice: TreeMerge.Conditions.all.subtracting(.deletedByBoth)
      case .goneDirectories: TreeMerge.Conditions.all.subtracting(.goneDirectories)
      case .oursOnConflict, .oursOnUndecided: .all
      }
    }

    fileprivate func falsified(_ verdict: FileVerdict, _ file: FileVersions) -> FileVerdict {
      switch (self, verdict) {
      case (.oursOnConflict, .conflict), (.oursOnUndecided, .undecided): .merged(file.ours)
      default: verdict
      }
    }
  }

  private static let committer = Array("C O Mitter <committer@example.com> 1700000000 +0000".utf8)

  var fault: Fault?

  func results(of histories: [History]) throws -> [Result] {
    let imported = try ImportedHistories(histories)
    return try zip(histories, imported.commits).map { history, ids in
      do { return try result(of: history, ids, in: imported.repository) } catch {
        throw UnexpectedExit(description: "history \(history.seed) (\(history.profile)): \(error)")
      }
    }
  }

  private func result(of history: History, _ ids: [ObjectID], in repository: TestRepository) throws -> Result {
    let opened = try repository.open()
    let (tip, onto) = (ids[history.tip], ids[history.onto])
    guard case .found(let base) = try opened.mergeBase(tip, onto), base != onto, base != tip else {
      return Result(history: history, verdict: .needsGit)
    }
    let contents = try ContentMerge(opened, attributesOf: opened.commit(onto).tree)
    let replay = Replay(opened, committer: Self.committer, conditions: fault?.conditions ?? .all) {
      file throws(GitError) in
      guard let fault else { return nil }
      return fault.falsified(try contents.verdict(file), file)
    }
    let git = GitRebase(repository: repository)
    var result = Result(history: history, verdict: .needsGit)
    let outcome: Replay.Outcome
    do { outcome = try replay.outcome(of: .init(base: base, tip: tip, onto: onto)) } catch {
      // Some histories are too much for git's merge itself (an assertion fails).
      let theirs = try git.rebase(tip, onto: onto)
      if case .failure = theirs { return result }
      throw UnexpectedExit(description: "\(error), git: \(theirs)")
    }
    result.overlaps = try overlaps(base, tip, onto, in: opened)
    switch outcome {
    case .needsGit(let reason, _, _): result.difference = try difference(needing: reason, history)
    case .replayed(let replayed):
      result.verdict = .replayed
      result.isFast = replayed.mergedByGit == 0
      let theirs = try git.rebase(tip, onto: onto, without: replayed.dropped.ofSquash)
      result.isConflict = theirs != .clean(replayed.tip)
      if replayed.dropped.contains(where: { $0.reason == .merged }) {
        let merge = try repository.git(["merge-tree", "--write-tree", "\(onto)", "\(tip)"])
        if try merge != "\(opened.commit(onto).tree)" { result.difference = "not merged: \(merge)" }
      } else if theirs != .clean(replayed.tip) {
        result.difference = "replayed \(replayed), git: \(theirs)"
      }
    case .conflict(let stop):
      result.verdict = .conflict
      result.isConflict = true
      result.isFast = stop.mergedByGit == 0
      let theirs = try git.rebase(tip, onto: onto, without: stop.dropped.ofSquash)
      if theirs != .conflict(stop.commit, Set(stop.files)), try !isMarked(theirs, stop.files, in: opened) {
        // It may have gone on to a later commit with the markers in an earlier one.
        let upToHere = try git.rebase(stop.commit, onto: onto, without: stop.dropped.ofSquash)
        if try isMarked(upToHere, stop.files, in: opened) { return result }
        result.difference = "stopped at \(stop), git: \(theirs)"
      }
    }
    return result
  }
}

extension Comparison {
  private func overlaps(
    _ base: ObjectID, _ tip: ObjectID, _ onto: ObjectID, in opened: Repository
  ) throws -> Bool {
    let trees = try [base, tip, onto].map { try opened.commit($0).tree }
    let own = Set(try opened.changes(from: trees[0], to: trees[1]).map(\.path))
    return try opened.changes(from: trees[0], to: trees[2]).contains { own.contains($0.path) }
  }

  /// Whether git has committed conflict markers (after a rename to a path that both sides have added).
  private func isMarked(_ outcome: GitOutcome, _ files: [[UInt8]], in opened: Repository) throws -> Bool {
    guard case .clean(let tip) = outcome else { return false }
    let tree = try opened.commit(tip).tree
    return try files.contains { path in
      try opened.entry(at: path, in: tree).map { try opened.blob($0.id).mentions("<<<<<<<") } ?? false
    }
  }

  /// What is wrong where we say that only git can do it.
  private func difference(needing reason: GitOnlyReason, _ history: History) throws -> String? {
    let isMeant =
      switch reason {
      case .mergeCommits: history.commits.contains { $0.parents.count > 1 }
      case .commitForm: history.commits.contains { $0.encoding == "ISO-8859-1" }
      case .attributes: history.commits.contains { $0.files[.init(".gitattributes")] != nil }
      default: false
      }
    return isMeant ? nil : "needs git: \(reason)"
  }
}

extension [DroppedCommit] {
  /// git itself finds commits with the same patch and those that become empty.
  fileprivate var ofSquash: [ObjectID] {
    filter { if case .squashed = $0.reason { true } else { false } }.map(\.commit)
  }
}
