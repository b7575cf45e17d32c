import Foundation
import Testing

/// README.md and the pages that it leads to, taken apart into what can be compared with the program.
///
/// The pages tell one story: what the commands of one have done is there in the next.
struct Readme {
  /// In the order in which their commands are run.
  static let pages =
    ["README.md"]
    + [
      "hook-managers", "hive", "sync", "shared-files", "rules", "plan", "worktrees", "what-goes-wrong", "demo",
    ].map { "docs/\($0).md" }

  /// Lines between fences, or of an HTML comment that begins with `<!-- run`.
  struct Block {
    /// What stands behind the opening fence; `run` for a comment.
    var label: String
    var lines: [String]
    var page: String
    /// Of its first line in the page, from 1.
    var lineNumber: Int

    var text: String { lines.map { $0 + "\n" }.joined() }
  }

  let lines: [String]
  let blocks: [Block]

  init() throws {
    var lines: [String] = []
    var blocks: [Block] = []
    for page in Self.pages {
      let file = Self.root.appending(path: page)
      let text = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
      lines += text
      blocks += Self.blocks(in: text, of: page)
    }
    self.lines = lines
    self.blocks = blocks
  }

  /// The top of the package.
  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  private static func blocks(in lines: [String], of page: String) -> [Block] {
    var blocks: [Block] = []
    var end: String?
    for (index, line) in lines.enumerated() {
      if let ending = end {
        if line == ending { end = nil } else { blocks[blocks.count - 1].lines.append(line) }
      } else if line.hasPrefix("```") || line == "<!-- run" {
        end = line == "<!-- run" ? "-->" : "```"
        let label = line == "<!-- run" ? "run" : String(line.dropFirst(3))
        blocks.append(Block(label: label, lines: [], page: page, lineNumber: index + 2))
      }
    }
    return blocks
  }

  /// What stands between `<!-- name:begin -->` and `<!-- name:end -->`.
  func section(_ name: String) throws -> [String] {
    let begin = try #require(lines.firstIndex(of: "<!-- \(name):begin -->"))
    let end = try #require(lines.firstIndex(of: "<!-- \(name):end -->"))
    return Array(lines[(begin + 1)..<end])
  }
}

/// The cells of a line of a table; `nil` for another line, and for the line below a table's header.
func cells(_ line: String) -> [String]? {
  guard line.hasPrefix("| "), line.hasSuffix("|") else { return nil }
  let bar = "\u{1}"
  return line.dropFirst().dropLast().replacingOccurrences(of: "\\|", with: bar).components(separatedBy: "|")
    .map { $0.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: bar, with: "|") }
}

/// What stands between backticks.
func quoted(_ text: String) -> [String] {
  text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
}
