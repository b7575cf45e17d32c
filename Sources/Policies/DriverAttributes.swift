import Git
import Merging
import Platform

/// Tells which paths git hands to our merge driver in this repository: those, and only those, are merged by the plan's policies.
///
/// Where preflight is not installed, or a path's attribute names somebody else's driver, git merges without us, and so a
/// prediction must.
public final class DriverAttributes {
  private let layout: RepositoryLayout
  private let git: GitCommand
  private lazy var file = (try? Self.file(in: layout).contents()) ?? []
  private lazy var block = DriverBlock(in: file)
  private lazy var isOverruled = mentionsMerge(DriverBlock.rest(of: file))

  public init(_ layout: RepositoryLayout, git: GitCommand) {
    self.layout = layout
    self.git = git
  }

  /// Common to all worktrees, and what `git rev-parse --git-path info/attributes` names in each.
  public static func file(in layout: RepositoryLayout) -> FilePath { layout.commonDirectory / "info/attributes" }

  public func isOurs(_ path: [UInt8]) throws(GitError) -> Bool {
    guard let block, block.names(path) else { return false }
    guard isOverruled else { return true }
    return try value(of: "merge", for: path).elementsEqual(DriverBlock.driver.utf8)
  }

  /// Of the markers that git leaves in a file: 7, unless "conflict-marker-size" says otherwise; see gitattributes(5).
  public func markerLength(of path: [UInt8]) throws(GitError) -> Int {
    Int(String(decoding: try value(of: "conflict-marker-size", for: path), as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
      ?? ConflictStyle.standard.markerLength
  }

  private func value(of attribute: String, for path: [UInt8]) throws(GitError) -> ArraySlice<UInt8> {
    let output = try git.output(["check-attr", "-z", "--stdin", Argument(attribute)], input: path + [0])
    return output.split(separator: 0).last ?? []
  }

  /// Whether these lines may say something of merging.
  private func mentionsMerge(_ lines: ArraySlice<UInt8>) -> Bool {
    ["merge", "binary", "[attr]"].contains { lines.mentions($0) }
  }
}
