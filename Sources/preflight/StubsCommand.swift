import ArgumentParser
import Exports
import Git
import Inspection
import Plan
import Platform
import Reporting
import Rules

struct StubsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stubs",
    abstract: "Shows, adds and clears away the commented-out exports that are reserved for streams.",
    subcommands: [StubsListCommand.self, StubsAddCommand.self, StubsPruneCommand.self],
    defaultSubcommand: StubsListCommand.self)
}

struct StubsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Shows every stub of the shared barrels here, whose it is, and what became of it.",
    discussion: """
      reserved: its stream is at work. live: its stream's branch has it live. merged, gone, twin: dead, as its stream is \
      merged, its issue is nobody's, or the same export is live beside it. unowned: no comment says whose it is.
      """)

  @Flag(help: "The list as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    let stubs = try StubSurvey(bench.situation).barrels().flatMap(\.stubs)
    if json {
      let document: JSONValue = ["version": 1, "stubs": .array(stubs.map(\.json))]
      return StandardStream.output.write(document.text + "\n")
    }
    guard !stubs.isEmpty else { return StandardStream.output.write("no stub in the shared barrels here\n") }
    var table = Table([
      .init("stub", isFlexible: true), .init("stream"), .init("state"), .init("where", isFlexible: true),
    ])
    for stub in stubs { table.append(stub.cells) }
    Printer(.output).print(table)
    let dead = stubs.count { $0.state.isDead }
    if dead > 0 { Printer(.error).print("\("hint:", .hint) to clear away \(dead, "dead stub"): preflight stubs prune") }
  }
}

extension ReservedStub {
  /// What it would export: its module, else its names.
  fileprivate var subject: [UInt8] {
    statement.module ?? Array(statement.names.map(\.exported).joined(separator: ", ".utf8))
  }

  fileprivate var cells: [DisplayText] {
    let word: DisplayText = state.isDead ? "\(state.rawValue, .warning)" : "\(state.rawValue)"
    return [
      DisplayText(bytes: subject), "\(streams.isEmpty ? "-" : streams.joined(separator: ", "))", word,
      "\(DisplayText(bytes: path)):\(line)",
    ]
  }

  fileprivate var json: JSONValue {
    [
      "module": .string(String(decoding: subject, as: UTF8.self)),
      "path": .string(String(decoding: path, as: UTF8.self)),
      "line": .integer(line), "streams": .array(streams.map { .string($0) }), "state": .string(state.rawValue),
      "dead": .bool(state.isDead),
    ]
  }
}

struct StubsPruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Takes the dead stubs out of the barrels of this worktree; commits nothing.",
    discussion: "A barrel with uncommitted changes is left alone, and said.")

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    let barrels = try StubSurvey(bench.situation).barrels().filter { $0.stubs.contains { $0.state.isDead } }
    guard !barrels.isEmpty else { return StandardStream.output.write("no dead stub here\n") }
    let workTree = try bench.requireWorkTree()
    for barrel in barrels { try bench.requireClean(barrel.path) }
    for barrel in barrels {
      let dead = barrel.stubs.filter(\.state.isDead)
      try workTree.appending(barrel.path).rewrite(barrel.barrel.removing(Set(dead.map(\.item))))
      for stub in dead {
        Printer(.output).print(
          "removed \(DisplayText(bytes: stub.subject)) (\(stub.state.rawValue)) from \(DisplayText(bytes: stub.path))")
      }
    }
  }
}

struct StubsAddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Reserves modules for a stream: a comment that names it, and a stub for each.",
    discussion: """
      The block goes to the end of the barrel in this worktree, in the barrel's own form. Commit it on trunk before the streams \
      begin, so that each brings its own lines to life and none meets another.
      """)

  @Option(help: "The id of the stream that the modules are reserved for.")
  var stream: String

  @Option(help: "The barrel, where the plan shares several.")
  var barrel: String?

  @ArgumentParser.Argument(help: "Modules as the barrel's statements name them, such as ./database/migration.js")
  var modules: [String]

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    guard let owner = bench.plan.stream(stream) else {
      throw CommandFailure("the plan has no stream '\(stream)'", hint: "preflight status")
    }
    let target = try chosenBarrel(bench)
    let names = modules.map { Array($0.utf8) }
    for item in target.barrel.items {
      guard let module = item.statement?.module, names.contains(module) else { continue }
      let line = target.barrel.position(of: item).line
      throw CommandFailure(
        "'\(String(decoding: module, as: UTF8.self))' stands at line \(line) of '\(String(decoding: target.path, as: UTF8.self))' already"
      )
    }
    let issues = owner.issues.filter { !$0.isExternal }.map(\.id)
    let comment =
      "\(owner.name)\(issues.isEmpty ? " [\(owner.id)]" : " (\(issues.joined(separator: ", ")))") - to be implemented"
    let block = target.barrel.reserving(names, comment: Array(comment.utf8))
    let workTree = try bench.requireWorkTree()
    try workTree.appending(target.path).rewrite(target.barrel.bytes + block)
    Printer(.output).print("reserved \(modules.count, "module") for \(owner.id) in \(DisplayText(bytes: target.path))")
  }

  private func chosenBarrel(_ bench: Workbench) throws -> StubSurvey.SharedBarrel {
    let all = try StubSurvey(bench.situation).barrels()
    let paths = all.map { String(decoding: $0.path, as: UTF8.self) }
    if let barrel {
      guard let found = all.first(where: { $0.path.elementsEqual(barrel.utf8) }) else {
        throw CommandFailure(
          "'\(barrel)' is no shared barrel here",
          hint: paths.isEmpty ? Self.way(to: bench.plan) : "--barrel one of \(paths.joined(separator: ", "))")
      }
      return found
    }
    guard let only = all.first else {
      throw CommandFailure("the plan shares no barrel that is here", hint: Self.way(to: bench.plan))
    }
    guard all.count == 1 else { throw CommandFailure("which barrel? --barrel one of \(paths.joined(separator: ", "))") }
    return only
  }

  /// How a project comes by its first barrel.
  private static func way(to plan: Plan) -> String {
    for shared in plan.shared where shared.merge == .barrel {
      if let path = shared.paths.lazy.compactMap(\.literalPath).first {
        return "to begin it: touch \(shellQuoted(FilePath(path)))"
      }
    }
    return "to share one: [[shared]] in preflight.toml, with its paths and merge = \"barrel\""
  }
}

extension FilePath {
  /// Replaces the contents of a file, and keeps its permissions.
  fileprivate func rewrite(_ contents: [UInt8]) throws {
    try write(contents, permissions: try targetStatus()?.permissions ?? 0o644)
  }
}

extension Workbench {
  fileprivate func requireWorkTree() throws -> FilePath {
    guard let workTree = layout.workTree else { throw CommandFailure("a bare repository has no file to edit") }
    return workTree
  }

  /// Edits of ours and a person's are not to be mixed.
  fileprivate func requireClean(_ path: [UInt8]) throws {
    let git = GitCommand(in: try requireWorkTree(), environment: environment)
    let status = try git.output(["status", "--porcelain=v1", "-z", "--", Argument(":(top,literal)".utf8 + path)])
    guard status.isEmpty else {
      let name = String(decoding: path, as: UTF8.self)
      throw CommandFailure("'\(name)' has uncommitted changes: nothing was removed", hint: "git status")
    }
  }
}
