import Git
import Inspection
import Platform
import Reporting

/// Says once that trunk is nowhere: nothing is compared with it then, and only a worktree's own plan counts.
struct TrunkNotice {
  /// Holds the name that was said; there while trunk cannot be resolved.
  private let file: FilePath

  init(_ layout: RepositoryLayout) { file = layout.stateDirectory / "unresolved-trunk" }

  func update(_ situation: Situation, environment: Environment) {
    guard situation.trunk == nil, situation.head != nil, let branch = situation.names?.branch else {
      if file.exists { try? file.remove() }
      return
    }
    guard (try? file.contentsIfPresent()) != Array(branch.utf8) else { return }
    try? file.parent.createDirectories()
    try? file.write(Array(branch.utf8))
    Printer(.error, environment: environment).print(
      "preflight: nothing is compared with trunk: there is no '\(branch.shortBranchName)' (preflight doctor)")
  }
}
