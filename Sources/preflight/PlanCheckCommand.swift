import ArgumentParser
import Git
import Inspection
import Plan
import PlanFile
import Platform
import Reporting

struct PlanCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Says everything that is wrong with a preflight.toml, at once.",
    discussion: "Exit status: 0 no errors (warnings may be), 1 errors, 2 could not work.")

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  @ArgumentParser.Argument(help: "The file; by default the worktree's own.")
  var file: String?

  @Option(help: "text or json.")
  var format = Format.text

  func run() throws {
    let directory = try FilePath.currentDirectory()
    let repository = try file == nil ? Repository() : try? Repository()
    let path = try file.map { directory.appending($0) } ?? Self.planFile(in: repository)
    guard let bytes = try path.contentsIfPresent() else {
      throw CommandFailure("there is no '\(path)'", hint: "preflight init")
    }
    let name = try file ?? path.relative(to: directory.resolved()).description
    let document = PlanDocument(bytes, file: name)
    let trunkPaths = try repository.flatMap(Self.pathsOnTrunk)
    let unmatched = trunkPaths.map(document.faults(against:)) ?? []
    let faults = (document.faults + unmatched).inOrder
    switch format {
    case .json: StandardStream.output.write(Self.json(faults).text + "\n")
    case .text: show(faults, of: document, named: name, isCompared: trunkPaths != nil)
    }
    if faults.contains(where: { $0.severity == .error }) { throw ExitStatus.findings }
  }

  private static func planFile(in repository: Repository?) throws -> FilePath {
    guard let top = repository?.layout.workTree else {
      throw CommandFailure("a bare repository has no worktree", hint: "preflight plan check FILE")
    }
    return top / PlanSource.fileName
  }

  /// `nil` where no branch looks like trunk.
  private static func pathsOnTrunk(of repository: Repository) throws -> [[UInt8]]? {
    guard let names = try repository.trunkNames(), let trunk = try repository.trunk(names) else { return nil }
    return try repository.files(in: repository.commit(trunk.tip).tree).map(\.path)
  }
}

extension PlanCheckCommand {
  private func show(_ faults: [PlanFault], of document: PlanDocument, named name: String, isCompared: Bool) {
    let errors = Printer(.error)
    for fault in faults {
      errors.print(Self.line(fault))
      if let hint = fault.hint { errors.print("\("hint:", .hint) \(hint)") }
    }
    if !isCompared {
      errors.print("preflight: the patterns were compared with no files: no branch looks like trunk here")
    }
    let verdict = Self.verdict(faults)
    let summary: DisplayText = document.plan.map { "\(verdict): \(Self.contents(of: $0))" } ?? verdict
    Printer(.output).print("\(name): \(summary)")
  }

  private static func line(_ fault: PlanFault) -> DisplayText {
    let severity: DisplayText = fault.severity == .error ? "\("error:", .error)" : "\("warning:", .warning)"
    return "\("\(fault.file):\(fault.line):\(fault.column):", .strong) \(severity) \(fault.message)"
  }

  private static func verdict(_ faults: [PlanFault]) -> DisplayText {
    let errors = faults.count { $0.severity == .error }
    let warnings = faults.count - errors
    switch (errors, warnings) {
    case (0, 0): return "no faults"
    case (0, _): return "\(warnings, "warning")"
    case (_, 0): return "\(errors, "error")"
    default: return "\(errors, "error"), \(warnings, "warning")"
    }
  }

  private static func contents(of plan: Plan) -> DisplayText {
    let issues = plan.streams.reduce(0) { $0 + $1.issues.count }
    let patterns = plan.shared.reduce(0) { $0 + $1.paths.count }
    return "\(plan.streams.count, "stream"), \(issues, "issue"), \(patterns, "shared pattern")"
  }

  private static func json(_ faults: [PlanFault]) -> JSONValue {
    let values = faults.map { fault -> JSONValue in
      [
        "path": .string(fault.file), "line": .integer(fault.line), "column": .integer(fault.column),
        "severity": .string(fault.severity.rawValue), "message": .string(fault.message), "hint": JSONValue(fault.hint),
      ]
    }
    return ["version": 1, "faults": .array(values)]
  }
}

extension [PlanFault] {
  /// In the order of the text; of one place as they were found.
  fileprivate var inOrder: [PlanFault] {
    enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }.map(\.element)
  }
}
