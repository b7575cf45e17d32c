import ArgumentParser
import Git
import Inspection
import Installation
import Plan
import PlanFile
import Platform
import Reporting
import Rules

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a first preflight.toml from what is there.",
    discussion: "Asks nothing and overwrites nothing.")

  func run() throws {
    let repository = try Repository()
    guard let top = repository.layout.workTree else {
      throw CommandFailure("a bare repository has no place for a plan", hint: "git worktree add DIRECTORY BRANCH")
    }
    let file = top / PlanSource.fileName
    try refuseToOverwrite(file, repository)
    let facts = try RepositoryFacts(of: repository)
    let plan = StarterPlan(facts, main: repository.layout.mainWorktreePath ?? top)
    do { try file.create(Array(plan.text.utf8)) } catch {
      throw CommandFailure(error.description)
    }
    let branch = try repository.layout.worktree()?.branch?.shortBranchName
    show(plan, isOnTrunk: branch == plan.trunk)
  }

  private func refuseToOverwrite(_ file: FilePath, _ repository: Repository) throws {
    if try file.status() != nil {
      throw CommandFailure("'\(file)' is there already, and was left as it is", hint: "preflight plan check")
    }
    guard let names = try repository.trunkNames(), let trunk = try repository.trunk(names),
      try repository.entry(at: PlanSource.fileName.utf8, in: repository.commit(trunk.tip).tree) != nil
    else { return }
    let place = trunk.tip == trunk.local ? names.branch.shortBranchName : names.remoteBranch ?? "\(trunk.tip)"
    throw CommandFailure(
      "trunk has a \(PlanSource.fileName) already, which holds here, too",
      hint: "to have it in this worktree: git checkout \(shellQuoted(place)) -- \(PlanSource.fileName)")
  }

  private func show(_ plan: StarterPlan, isOnTrunk: Bool) {
    let printer = Printer(.output)
    printer.print(
      """
      wrote \(PlanSource.fileName): \(plan.barrels.count, "barrel"), \(plan.changelogs.count, "changelog"), \
      \(plan.manifests.count, "manifest pattern"), \(plan.lockFiles.count, "lock file"), \(plan.streams.count, "stream")
      """)
    let place: DisplayText = isOnTrunk ? "" : ", on '\(plan.trunk)': hooks read it there"
    printer.print([
      "next: give the streams their files and issues in it, then",
      "  preflight plan check",
      "  git add preflight.toml && git commit -m 'chore: add the plan'\(place)",
      "  preflight install",
      "  preflight try",
    ])
  }
}

extension StarterPlan {
  /// - Parameter main: the top of the main worktree.
  init(_ facts: RepositoryFacts, main: FilePath) {
    self.init()
    name = facts.name
    trunk = facts.trunk ?? trunk
    remote = facts.remote
    // What the history has not used yet is not forbidden by that.
    let own = facts.types.map(\.name).filter { !Plan.CommitPolicy.conventionalTypes.contains($0) }
    types = Plan.CommitPolicy.conventionalTypes + own
    barrels = facts.barrels
    changelogs = facts.changelogs
    manifests = facts.manifests.map(Pattern.init(found:))
    lockFiles = facts.lockFiles.compactMap { path in Self.regeneration(ofLockFile: path).map { (path, $0) } }
    let home = Self.commonParent(of: facts.streams.map(\.worktree), main: main)
    if let home { worktreeDirectory = home.relative(to: main).description }
    streams = facts.streams.map { stream in
      let isAtHome = stream.worktree.parent == home
      return Stream(
        id: stream.id, name: stream.branch, branch: Array(stream.branch.utf8),
        directory: isAtHome ? stream.worktree.lastComponent.description : nil)
    }
  }

  /// The directory that holds most of the linked worktrees.
  private static func commonParent(of worktrees: [FilePath], main: FilePath) -> FilePath? {
    var counts: [(parent: FilePath, count: Int)] = []
    for parent in worktrees.filter({ $0 != main }).map(\.parent) {
      if let index = counts.firstIndex(where: { $0.parent == parent }) {
        counts[index].count += 1
      } else {
        counts.append((parent, 1))
      }
    }
    return counts.max { $0.count < $1.count }?.parent
  }
}

extension Pattern {
  /// A path, or a pattern whose one wildcard is a component of its own; see `RepositoryFacts.manifests`.
  fileprivate init(found path: [UInt8]) {
    let isPattern = path.split(separator: UInt8(ascii: "/")).contains([UInt8(ascii: "*")])
    let text = String(validating: path, as: UTF8.self)
    if isPattern, let text { self.init(text) } else { self.init(literal: path) }
  }
}
