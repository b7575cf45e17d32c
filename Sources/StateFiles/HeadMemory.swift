import Git
import Platform

/// The branch that pre-commit saw, kept until post-commit looks again.
public struct HeadMemory {
  private let file: FilePath

  public init(_ layout: RepositoryLayout) { file = layout.worktreeStateDirectory / "head" }

  /// - Parameter branch: in full.
  public func keep(_ branch: String) {
    try? file.parent.createDirectories()
    try? file.write(Array(branch.utf8))
  }

  /// What was kept; asked once.
  public func take() -> String? {
    guard let bytes = try? file.contents() else { return nil }
    try? file.remove()
    return String(decoding: bytes, as: UTF8.self)
  }
}
