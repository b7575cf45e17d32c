import Git
import Platform

/// The files that a sync itself has written in a worktree with contents that are not committed: nobody's hands are at work
/// there because of them. All others that it writes git notes in the index.
struct OwnWrites {
  private let file: FilePath
  private let top: FilePath

  init(in worktree: Worktree) {
    file = worktree.gitDirectory / "preflight/own-writes"
    top = worktree.path
  }

  /// Notes how these files are now, and forgets those that have been written since. Where that cannot be kept a worktree is
  /// taken for busy a while, nothing worse.
  func add(_ paths: [[UInt8]]) {
    if paths.isEmpty { return }
    let known = lines().filter { $0 == line(for: $0.path) && !paths.contains($0.path) }
    let lines = known + paths.compactMap { line(for: $0) }
    try? file.write(Array(lines.map { $0.text + [0] }.joined()))
  }

  /// Whether what is at a path is as a sync has left it.
  func contain(_ path: [UInt8]) -> Bool { lines().contains { $0.path == path && $0 == line(for: path) } }

  private struct Line: Equatable {
    /// Time, size, inode and path.
    var text: [UInt8]

    var path: [UInt8] { Array(text.split(separator: 0x20, maxSplits: 3).last ?? []) }
  }

  private func lines() -> [Line] {
    (try? file.contentsIfPresent()).flatMap { $0 }?.split(separator: 0).map { Line(text: Array($0)) } ?? []
  }

  private func line(for path: [UInt8]) -> Line? {
    guard let status = try? top.appending(path).status() else { return nil }
    return Line(text: Array("\(status.modified) \(status.size) \(status.inode) ".utf8) + path)
  }
}
