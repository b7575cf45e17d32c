import Git
import Platform

extension HooksDirectory {
  /// One for each worktree that is there, in the order of `RepositoryLayout.worktrees()`; that of the bare repository
  /// itself where it has none.
  public static func all(of layout: RepositoryLayout, environment: Environment = .current) throws(GitError)
    -> [HooksDirectory]
  {
    var result: [HooksDirectory] = []
    for worktree in try layout.worktrees() where !worktree.isMissing {
      result.append(try HooksDirectory(of: worktree.path, in: layout, environment: environment))
    }
    if result.isEmpty {
      result.append(try HooksDirectory(of: layout.commonDirectory, in: layout, environment: environment))
    }
    return result
  }

  /// What to paste where preflight must not write; `nil` where it writes itself or where only the setting can be mended.
  public var snippet: HookSnippet? {
    switch standing {
    case .standard, .untracked, .empty: return nil
    case .tracked, .shared, .unwritable: return HookSnippet(for: nil, place: shown(path))
    case .managed(let manager):
      let source = manager.source(of: .preCommit, hooksDirectory: path, workTree: worktree) ?? path
      let isFilePerHook = manager == .husky || manager == .earlyHusky
      return HookSnippet(for: manager, place: shown(isFilePerHook ? source.parent : source))
    }
  }

  /// From the top of the worktree where it is below it.
  func shown(_ place: FilePath) -> FilePath {
    let top = worktree.resolvedAsFarAsPossible
    return place.isInside(top) ? place.relative(to: top) : place
  }
}
