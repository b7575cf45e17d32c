import Git
import Merging
import Plan
import Platform
import Policies
import TestSupport
import Testing

/// What is predicted, what git makes of it with our driver, and what a sync makes of it are the same bytes.
@Suite("Prediction, driver and sync agree")
struct AgreementTests {
  /// Every way in which git merges, with what is ours, theirs and the base to it.
  enum Way: String, CaseIterable {
    case merge
    case rebase
    case cherryPick = "cherry-pick"
    case revert
    case stashPop = "stash pop"
    case sync
  }

  @Test("In every way in which git merges, on generated shared files", arguments: Way.allCases)
  func agree(_ way: Way) throws {
    var seed = Environment.current["MERGE_SEED"].flatMap { UInt64($0) } ?? 20_261_122
    let rounds = Environment.current["MERGE_HIVES"].flatMap { Int($0) } ?? 4
    let hive = try MergeHive(files: SharedFileSet.base.files.merging(["free.txt": ""]) { $1 })
    var clean = 0
    for round in 0..<rounds {
      var random = SeededGenerator(seed: seed)
      seed &+= 1
      let base = SharedFileSet.base.changed(using: &random)
      let ours = base.changed(using: &random)
      let theirs = base.changed(using: &random)
      let predicted = try prediction(base, ours, theirs, in: hive)
      let outcome = try merged(way, base, ours, theirs, in: hive)
      for (path, content) in predicted {
        let what = "\(way.rawValue), seed \(seed - 1), \(path)\n\(outcome.said)"
        #expect((outcome.unmerged.contains(path)) == (content.merged == nil), "\(what)")
        if let bytes = content.merged, way != .sync || outcome.unmerged.isEmpty {
          #expect(outcome.files[path] == String(decoding: bytes, as: UTF8.self), "\(what)")
          clean += 1
        }
      }
      try hive.type(
        "git reset --quiet --hard && git clean --quiet -fd && git tag done-\(round)-\(way == .sync)", in: "one")
    }
    // Of a sync only what has no conflict anywhere counts.
    #expect(2 * clean > rounds, "hardly anything has merged")
  }

  private func prediction(
    _ base: SharedFileSet, _ ours: SharedFileSet, _ theirs: SharedFileSet, in hive: MergeHive
  ) throws -> [String: LineMerge.Outcome] {
    let git = try hive.repository.open().git
    var result: [String: LineMerge.Outcome] = [:]
    for (path, policy) in SharedFileSet.policies {
      guard let old = base.files[path], let one = ours.files[path], let two = theirs.files[path] else { continue }
      var shared = Plan.SharedFiles()
      shared.merge = policy
      result[path] =
        try SharedFileMerge(shared, git: git).merge(
          base: Array(old.utf8), ours: Array(one.utf8), theirs: Array(two.utf8), path: Array(path.utf8)
        ).content
    }
    return result
  }

  private struct Merged {
    var files: [String: String]
    var unmerged: Set<String>
    var said: String
  }

  /// Ours is in the worktree of stream one, theirs comes to it from a commit, on the same base.
  private func merged(
    _ way: Way, _ base: SharedFileSet, _ ours: SharedFileSet, _ theirs: SharedFileSet, in hive: MergeHive
  ) throws -> Merged {
    func commit(_ set: SharedFileSet, _ subject: String) throws {
      for (path, text) in set.files { try hive.repository.write(path, text, in: hive.place("one")) }
      try hive.type("git add --all && git commit --quiet --allow-empty --message 'feat: \(subject)'", in: "one")
    }
    try hive.type(
      "git checkout --quiet --detach main && git branch --force one main && git branch --force side main", in: "one")
    try commit(base, "base")
    let start = try hive.repository.tip("HEAD", in: hive.place("one"))
    try commit(theirs, "theirs")
    let their = try hive.repository.tip("HEAD", in: hive.place("one"))
    try hive.type("git checkout --quiet \(start)", in: "one")
    try commit(ours, "ours")
    let own = try hive.repository.tip("HEAD", in: hive.place("one"))
    let command: String
    switch way {
    case .merge: command = "git merge --no-edit \(their)"
    case .cherryPick: command = "git cherry-pick \(their)"
    case .rebase: command = "git checkout --quiet \(their) && git rebase \(own)"
    case .revert:
      // Theirs is what was before the base: taking the base's change back brings it.
      try hive.type("git checkout --quiet \(their)", in: "one")
      try commit(base, "change")
      try commit(ours, "ours")
      command = "git revert --no-edit HEAD~1"
    case .stashPop:
      try hive.type("git checkout --quiet \(start)", in: "one")
      for (path, text) in theirs.files { try hive.repository.write(path, text, in: hive.place("one")) }
      try hive.type("git stash --quiet && git checkout --quiet \(own)", in: "one")
      command = "git stash pop"
    case .sync:
      // Trunk gets ours, and the stream theirs.
      try hive.type("git branch --force one \(their) && git checkout --quiet one", in: "one")
      try hive.type("git reset --quiet --hard \(own)")
      command = "preflight sync --no-fetch"
    }
    let outcome = try hive.outcome(of: command, in: "one")
    var unmerged = Set(
      try hive.type("git diff --name-only --diff-filter=U", in: "one").split(separator: "\n").map(String.init))
    if way == .sync, outcome.status != 0 {
      unmerged = Set(SharedFileSet.policies.map(\.path).filter { outcome.standardOutput.contains($0) })
    }
    let files = Dictionary(
      uniqueKeysWithValues: try SharedFileSet.policies.map { ($0.path, try hive.read($0.path, in: "one")) })
    _ = try? hive.type("git \(way.rawValue) --abort 2>/dev/null; git reset --quiet --hard; git stash clear", in: "one")
    if way == .sync { try hive.type("git checkout --quiet --detach && git branch --force one main", in: "one") }
    return Merged(files: files, unmerged: unmerged, said: "\(outcome)")
  }
}
