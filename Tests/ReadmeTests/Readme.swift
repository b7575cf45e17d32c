import Foundation
import Testing

/// README.md, taken apart into what can be compared with the program.
struct Readme {
  /// Lines between fences, or of an HTML comment that begins with `<!-- run`.
  struct Block {
    /// What stands behind the opening fence; `run` for a comment.
    var label: String
    var lines: [String]
    /// Of its first line, from 1.
    var lineNumber: Int

    var text: String { lines.map { $0 + "\n" }.joined() }
  }

  let lines: [String]
  let blocks: [Block]

  init() throws {
    let file = Self.root.appending(path: "README.md")
    lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
    blocks = Self.blocks(in: lines)
  }

  /// The top of the package.
  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  private static func blocks(in lines: [String]) -> [Block] {
    var blocks: [Block] = []
    var end: String?
    for (index, line) in lines.enumerated() {
      if let ending = end {
        if line == ending { end = nil } else { blocks[blocks.count - 1].lines.append(line) }
      } else if line.hasPrefix("```") || line == "<!-- run" {
        end = line == "<!-- run" ? "-->" : "```"
        let label = line == "<!-- run" ? "run" : String(line.dropFirst(3))
        blocks.append(Block(label: label, lines: [], lineNumber: index + 2))
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
