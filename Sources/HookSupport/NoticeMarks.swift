import Git
import Platform

/// For which events of `[notify]` the plan has commands: an empty file each, so that a hook sees with one look that there is
/// nothing to do.
public struct NoticeMarks {
  private let directory: FilePath

  public init(_ layout: RepositoryLayout) { directory = layout.stateDirectory / "outbox/wanted" }

  /// - Parameter event: as the plan names it.
  public func isWanted(_ event: String) -> Bool { (directory / event).exists }

  /// Whether there is any.
  public var isAnythingWanted: Bool { ((try? directory.entries()) ?? []).isEmpty == false }

  /// Marks the events that are wanted now.
  public func refresh(_ wanted: Set<String>) throws(SystemError) {
    let marked = directory.isDirectory ? Set(try directory.entries().map(\.description)) : []
    for event in wanted.subtracting(marked) {
      try directory.createDirectories()
      try (directory / event).write([])
    }
    for event in marked.subtracting(wanted) { try (directory / event).remove() }
  }
}
