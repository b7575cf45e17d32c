import Foundation
import Platform
import TestSupport

/// The `console` blocks of the pages and the hidden commands between them, as one run of a shell.
///
/// A line that starts with `$ ` is a command, lines that start with `>` right below belong to it, and all others are what
/// it prints. It exits with 0, or with 1 where it ends in `# exits 1`.
struct Transcript {
  struct Step {
    var command: String
    var expectedOutput: [String]
    /// The page and its line: `README.md:12`.
    var place: String
    /// Not to be seen on the page.
    var isHidden: Bool

    var expectedStatus: Int { command.hasSuffix("# exits 1") ? 1 : 0 }
  }

  struct Outcome {
    var output: [String]
    var status: Int
  }

  let steps: [Step]

  init(_ readme: Readme) {
    steps = readme.blocks.flatMap { block -> [Step] in
      switch block.label {
      case "run":
        [Step(command: block.text, expectedOutput: [], place: "\(block.page):\(block.lineNumber)", isHidden: true)]
      case "console": Self.steps(of: block)
      default: []
      }
    }
  }

  private static func steps(of block: Readme.Block) -> [Step] {
    var steps: [Step] = []
    for (index, line) in block.lines.enumerated() {
      if line.hasPrefix("$ ") {
        let step = Step(
          command: String(line.dropFirst(2)), expectedOutput: [], place: "\(block.page):\(block.lineNumber + index)",
          isHidden: false)
        steps.append(step)
      } else if line == ">" || line.hasPrefix("> "), steps.last?.expectedOutput.isEmpty == true {
        steps[steps.count - 1].command += "\n" + line.dropFirst(2)
      } else if !steps.isEmpty {
        steps[steps.count - 1].expectedOutput.append(line)
      }
    }
    return steps
  }

  /// Runs every step in one shell that starts in the shop's main worktree; `nil` for those that it did not come to.
  func outcomes(plan: String) throws -> [Outcome?] {
    let world = try TemporaryDirectory()
    try (world.path / "plan.toml").write(Array(plan.utf8))
    try (world.path / "steps.sh").write(Array(script.utf8))
    var environment = sealedEnvironment(home: world.path)
    environment["PATH"] = try BuiltProducts.directory().description + ":" + (environment["PATH"] ?? "")
    environment["PLAN"] = (world.path / "plan.toml").description
    environment["SHOP"] = Readme.root.appending(path: "Tests/ReadmeTests/shop.sh").path
    var request = ProcessRequest("sh", ["steps.sh"], environment: environment, directory: world.path)
    request.mergesError = true
    let output = String(decoding: try ChildProcess.run(request).output, as: UTF8.self)
    let places = [
      (world.path.description, "/home/ann"), (try BuiltProducts.directory().description, "/home/ann/.local/bin"),
    ]
    return outcomes(in: places.reduce(output) { $0.replacingOccurrences(of: $1.0, with: $1.1) })
  }

  private static let mark = "-- end of step "

  private var script: String {
    var script = "set -e; sh \"$SHOP\"; cd shop; set +e; printf '\\n\(Self.mark)shop 0\\n'\n"
    for (index, step) in steps.enumerated() {
      script += "\(step.command)\nprintf '\\n\(Self.mark)\(index) %d\\n' $?\n"
    }
    return script
  }

  private func outcomes(in output: String) -> [Outcome?] {
    var outcomes: [Outcome?] = Array(repeating: nil, count: steps.count)
    var lines: [String] = []
    for line in output.components(separatedBy: "\n") {
      guard line.hasPrefix(Self.mark) else {
        lines.append(line)
        continue
      }
      let words = line.dropFirst(Self.mark.count).split(separator: " ")
      if lines.last == "" { lines.removeLast() }
      if let index = Int(words[0]) { outcomes[index] = Outcome(output: lines, status: Int(words[1])!) }
      lines = []
    }
    return outcomes
  }
}

/// What is the same in every run: ids and durations are masked, and the columns of a table may be of any width.
func lasting(_ lines: [String]) -> [String] {
  lines.map { line in
    let masks = [
      (#"\b(?=[0-9a-f]*[0-9])[0-9a-f]{7,40}\b"#, "<id>"), (#"\b[0-9]+\.[0-9] s\b"#, "<time>"),
      (#"git [0-9]+\.[0-9]+"#, "git <version>"), (#" {2,}"#, "  "),
      (#"^ *([0-9]+ s|now)  "#, "<ago>  "), (#"^ *ago  "#, "<ago>  "),
      (#" +$"#, ""),
    ]
    return masks.reduce(line) { $0.replacingOccurrences(of: $1.0, with: $1.1, options: .regularExpression) }
  }
}
