import Git
import Merging
import Platform

/// git's own three-way merge of lines: in process where every way to pair them gives the same, else by git-merge-file(1).
public struct LineMerge {
  public enum Outcome: Hashable, Sendable {
    case merged([UInt8])
    /// With markers around what a person must decide.
    case conflict([UInt8])
    /// No text to put markers into: each side is there as a whole only.
    case binary

    public var merged: [UInt8]? { if case .merged(let bytes) = self { bytes } else { nil } }
  }

  /// Where git is run; its configuration says how conflicts are shown.
  private let git: GitCommand

  /// How conflicts are shown, for `merge.conflictStyle`; `nil`: as is configured.
  private let conflictStyle: String?

  public init(git: GitCommand, conflictStyle: String? = nil) {
    self.git = git
    self.conflictStyle = conflictStyle
  }

  /// Bytes; a file beyond it is git's alone.
  private static let sizeLimit = 8 << 20

  /// What is known without git.
  func decision(base: [UInt8], ours: [UInt8], theirs: [UInt8]) -> TextMerge {
    if [base, ours, theirs].contains(where: { $0.count > Self.sizeLimit }) { return .undecided }
    return TextMerge(base: base, ours: ours, theirs: theirs)
  }

  /// - Parameter style: with a base label, which is shown where git's configuration asks for the base.
  func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8], style: ConflictStyle) throws(GitError) -> Outcome {
    if case .merged(let text) = decision(base: base, ours: ours, theirs: theirs) { return .merged(text) }
    let directory: FilePath
    do {
      directory = try FilePath.temporaryDirectory(prefix: "preflight-merge")
    } catch { throw GitError(.system(error)) }
    defer { try? directory.removeRecursively() }
    let files = [ours, base, theirs].enumerated().map { (directory / "\($0)", $1) }
    do throws(SystemError) { for (file, contents) in files { try file.write(contents) } } catch {
      throw GitError(.system(error))
    }
    let labels = [style.oursLabel, style.baseLabel ?? Array("base".utf8), style.theirsLabel]
    let settings: [Argument] = conflictStyle.map { ["-c", "merge.conflictStyle=\($0)"] } ?? []
    let arguments: [Argument] =
      settings + ["merge-file", "--stdout", "--quiet", "--marker-size=\(style.markerLength)"]
      + labels.flatMap { ["-L", Argument($0)] } + files.map { Argument($0.0) }
    let result = try git.run(arguments)
    switch result.ending {
    case .exited(0): return .merged(result.output)
    case .exited(1...127): return .conflict(result.output)  // the number of conflicts
    case .exited(255): return .binary
    default: throw GitCommand.failure(arguments, result)
    }
  }
}

extension ConflictStyle {
  /// As git shows conflicts to people.
  public static let standard = ConflictStyle(oursLabel: Array("ours".utf8), theirsLabel: Array("theirs".utf8))
}
