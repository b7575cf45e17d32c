import ArgumentParser
import Installation
import Platform

struct UninstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall", abstract: "Takes back what install did: what was there before is there again.")

  func run() throws {
    let bench = try Workbench()
    let report = try Uninstaller(bench.repository, environment: bench.environment).uninstall()
    var lines: [String] = report.changes.map { change in
      switch change {
      case .removed(let path): "removed \(path)"
      case .restored(let path): "restored \(path)"
      case .configured(let key, let value): value.map { "configured \(key) = \($0)" } ?? "unset \(key)"
      case .removedLines(let path): "removed our lines from \(path)"
      case .removedState(let path): "removed \(path)"
      }
    }
    if report.changes.isEmpty { lines.append("nothing to do: nothing is installed here") }
    for path in report.left { lines.append("left \(path): another hook has taken its name meanwhile") }
    for directory in report.manual {
      lines.append(
        "'preflight hook' may still stand in \(directory.snippet?.place ?? directory.path): take it out by hand")
    }
    if !report.undoReferences.isEmpty {
      lines.append(
        "\(report.undoReferences.count) old tips stay under refs/preflight/undo/ (git for-each-ref refs/preflight/undo)"
      )
    }
    StandardStream.output.write(lines.map { $0 + "\n" }.joined())
  }
}
