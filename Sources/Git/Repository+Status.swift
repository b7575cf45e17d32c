extension Repository {
  /// The paths, from the top, whose file, index entry or `HEAD` entry differ, untracked files that are not ignored among
  /// them; see git-status(1). Whatever the user's configuration hides from `git status` is in it.
  public func uncommittedPaths() throws(GitError) -> [[UInt8]] {
    let output = try git.output([
      "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none",
    ])
    // `XY SP path NUL`, again and again
    return output.split(separator: 0).map { Array($0.dropFirst(3)) }
  }
}
