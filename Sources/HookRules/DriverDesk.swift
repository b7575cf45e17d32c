import Git
import Inspection
import Plan
import Platform
import Policies

/// What the merge driver has in hand: the plan, and what trunk has.
struct DriverDesk {
  let repository: Repository
  private let trunk: Trunk?
  private let owners: PathOwners
  /// Whether a merge is only tried out: nothing that it decides comes into a worktree.
  private let isTrial: Bool

  init(_ environment: Environment, directory: FilePath) throws {
    var named = environment
    if let origin = environment[bytes: ScratchRepository.originVariable] {
      named[bytes: "GIT_DIR"] = origin
      named["GIT_INDEX_FILE"] = nil
    }
    let layout = try RepositoryLayout(environment: named, directory: directory)
    repository = try Repository(layout, environment: named)
    trunk = if let names = try repository.trunkNames() { try repository.trunk(names) } else { nil }
    let compiler = PlanCompiler(repository: repository, environment: environment)
    let plan = try PlanSource(repository, compile: compiler.compile).load(trunk: trunk)?.plan
    owners = PathOwners(plan ?? Plan())
    // Whoever merges into a worktree holds its index; `git merge-tree` does not.
    isTrial =
      environment[bytes: ScratchRepository.originVariable] != nil || !(layout.gitDirectory / "index.lock").exists
  }

  func sharedFiles(for path: [UInt8]) -> Plan.SharedFiles? { owners.sharedFiles(for: path) }

  func markerLength(of path: [UInt8]) throws(GitError) -> Int {
    try DriverAttributes(repository.layout, git: repository.git).markerLength(of: path)
  }

  func contentsOnTrunk(of path: [UInt8]) throws(GitError) -> [UInt8]? {
    guard let trunk, let entry = try repository.entry(at: path, in: repository.commit(trunk.tip).tree), entry.isFile
    else { return nil }
    return try repository.blob(entry.id)
  }

  /// Remembers that a lock file is trunk's now and has to be made anew.
  func noteOutdated(_ path: [UInt8], taken: [UInt8]) throws {
    if isTrial { return }
    try OutdatedLocks(repository.layout).add(.init(path: path, taken: try repository.blobID(of: taken)))
  }
}
