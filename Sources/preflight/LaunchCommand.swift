import ArgumentParser
import Checks
import Git
import Inspection
import Plan
import Platform
import Reporting
import Sync
import WorkReports
import Worktrees

struct LaunchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "launch", abstract: "Starts the plan's program in a stream's worktree, with the stream's brief.",
    discussion: """
      Brings the worktree onto trunk, and becomes the program that '[launch] run' names (once approved: preflight trust): it \
      has the terminal and every signal to itself. Until it ends only its own commits and syncs move its worktree. \
      {brief} is the text that 'preflight brief' writes, {brief-file} a file that holds it.
      """)

  @ArgumentParser.Argument(help: "Streams of the plan: one, unless with --all or --script.")
  var streams: [String] = []

  @Flag(help: "Open a tmux window for each stream that is not merged, or print what to run where there is no tmux.")
  var all = false

  @Option(help: ArgumentHelp("Write a script for each stream that launches it.", valueName: "dir"))
  var script: String?

  @Flag(help: "Leave the worktree where it is.")
  var noSync = false

  func validate() throws {
    if all, script != nil { throw ValidationError("--all and --script each say how streams are launched") }
    if !all, script == nil, streams.count != 1 {
      throw ValidationError("name the stream to launch, or say --all")
    }
  }

  func run() throws {
    let bench = try Workbench()
    try bench.requirePlan()
    let chosen = try bench.streams(named: streams)
    if let script { return try writeScripts(chosen, in: script, bench) }
    if all { return try openWindows(chosen, bench) }
    try launch(chosen[0], bench)
  }

  // MARK: One

  private func launch(_ stream: Plan.Stream, _ bench: Workbench) throws {
    let worktree = try bench.worktree(of: stream)
    do {
      let trust = try Trust.load(for: bench.layout, environment: bench.environment)
      let launch = try Launch(stream, in: worktree, of: bench.plan, trust: trust, environment: bench.environment)
      // Before anything is moved: a program that is not there is no reason to.
      _ = try launch.words(brief: "")
      if !noSync { try sync(stream, bench) }
      if try Activity.current(in: worktree) == Activity.launch {
        Printer(.error).print("preflight: something that was launched before is still running in \(worktree.path)")
      }
      let now = try Workbench()
      let brief = try Brief(now.plannedStream(stream.id), now).lines().map { $0.plain + "\n" }.joined()
      try launch.become(launch.words(brief: brief))
    } catch let fault as LaunchFault {
      throw CommandFailure(fault, bench.plan)
    }
  }

  /// Asks the remote, and moves this worktree alone; what keeps it where it is does not keep anybody from working.
  private func sync(_ stream: Plan.Stream, _ bench: Workbench) throws {
    guard let names = bench.situation.names else { return }
    var options = SyncRun.Options()
    options.streams = [stream.id]
    options.fetches = true
    options.wait = 30
    options.retriesConflicts = true
    let report = try SyncRun(
      bench.layout, environment: bench.environment, plan: bench.plan, names: names, options: options,
      waiting: showWaiting
    ).run()
    let words = SyncWords(report)
    let errors = Printer(.error)
    if let line = words.trouble ?? words.line { errors.print(line) }
    errors.print(words.remarks)
  }

  // MARK: All

  private func openWindows(_ streams: [Plan.Stream], _ bench: Workbench) throws {
    let printer = Printer(.output)
    let (places, missing) = try bench.places(of: streams)
    defer { showMissing(missing) }
    guard let tmux = try? programFile("tmux", environment: bench.environment) else {
      for (stream, worktree) in places {
        printer.print("cd \(shellQuoted(worktree.path)) && preflight launch \(shellQuoted(stream.id))")
      }
      return
    }
    // Said once and here: each window would open, and hold nothing but this.
    if let (stream, worktree) = places.first {
      do {
        let trust = try Trust.load(for: bench.layout, environment: bench.environment)
        let launch = try Launch(stream, in: worktree, of: bench.plan, trust: trust, environment: bench.environment)
        try launch.requireProgram()
      } catch let fault as LaunchFault {
        throw CommandFailure(fault, bench.plan)
      }
    }
    let windows = TmuxWindows(environment: bench.environment, project: projectName(bench))
    let program = try CurrentProcess.executable()
    let list = try ChildProcess.run(ProcessRequest(tmux, windows.list, environment: bench.environment))
    var isFirst = !list.succeeded
    let open = Set(String(decoding: list.output, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init))
    for (stream, worktree) in places {
      if open.contains(stream.id) {
        printer.print("\(stream.id): has a window already")
      } else if try Activity.current(in: worktree) == Activity.launch {
        printer.print("\(stream.id): is launched already")
      } else {
        let call = windows.open(stream.id, in: worktree.path, isFirst: isFirst, program: program)
        let result = try ChildProcess.run(ProcessRequest(tmux, call, environment: bench.environment))
        guard result.succeeded else {
          let line = String(decoding: result.error, as: UTF8.self).split(whereSeparator: \.isNewline).first
          throw CommandFailure(
            "tmux opened no window for '\(stream.id)': \(line.map(String.init) ?? "exit status \(result.exitStatus)")",
            hint: "cd \(shellQuoted(worktree.path)) && preflight launch \(shellQuoted(stream.id))")
        }
        isFirst = false
        printer.print("\(stream.id): launched in a window of its own")
      }
    }
    if let attach = windows.attach, !isFirst { printer.print("to see them: \(attach)") }
  }

  private func projectName(_ bench: Workbench) -> String {
    let name = bench.plan.project.name
    return name.isEmpty ? (bench.layout.mainWorktreePath?.lastComponent.description ?? "streams") : name
  }

  private func showMissing(_ streams: [Plan.Stream]) {
    guard !streams.isEmpty else { return }
    let ids = streams.map(\.id)
    Printer(.error).print([
      "preflight: without a worktree: \(ids.joined(separator: ", "))",
      "\("hint:", .hint) preflight up \(ids.map { shellQuoted($0) }.joined(separator: " "))",
    ])
  }

  // MARK: Scripts

  private func writeScripts(_ streams: [Plan.Stream], in path: String, _ bench: Workbench) throws {
    let directory = try FilePath.currentDirectory().appending(path.utf8).normalized
    try directory.createDirectories()
    let (places, missing) = try bench.places(of: streams)
    var isRefused = false
    for (stream, worktree) in places {
      let script = LaunchScript(stream, from: try directory.resolved(), to: try worktree.path.resolved())
      let file = directory / script.name
      if try script.write(in: directory) {
        Printer(.output).print("wrote \(file)")
      } else {
        isRefused = true
        Printer(.error).print("\("error:", .error) '\(file)' was not written by preflight: left as it is")
      }
    }
    showMissing(missing)
    if isRefused || !missing.isEmpty { throw ExitStatus.findings }
  }
}

extension Workbench {
  /// Streams with the worktrees that they are checked out in, and those that are in none.
  func places(of streams: [Plan.Stream]) throws -> (there: [(Plan.Stream, Worktree)], missing: [Plan.Stream]) {
    let all = try layout.worktrees().filter { !$0.isMissing }
    var (there, missing): ([(Plan.Stream, Worktree)], [Plan.Stream]) = ([], [])
    for stream in streams {
      if let worktree = all.first(where: { $0.branch == "refs/heads/\(stream.branch)" }) {
        there.append((stream, worktree))
      } else {
        missing.append(stream)
      }
    }
    return (there, missing)
  }

  /// The worktree of a stream.
  func worktree(of stream: Plan.Stream) throws -> Worktree {
    if let place = try places(of: [stream]).there.first { return place.1 }
    throw CommandFailure("\(title(ofStream: stream.id)) has no worktree", hint: "preflight up \(stream.id)")
  }
}

extension CommandFailure {
  fileprivate init(_ fault: LaunchFault, _ plan: Plan) {
    let words = plan.launch.map { shellQuoted($0) }.joined(separator: " ")
    switch fault {
    case .notPlanned:
      self.init(
        "the plan names no program to launch", hint: "[launch] run = [\"program\", \"{brief}\"] in preflight.toml")
    case .notApproved:
      self.init("the command to launch is not approved on this machine: \(words)", hint: "preflight trust")
    case .noProgram(let error) where fault.isTooLong:
      self.init("the brief is too long for an argument: \(error)", hint: "use {brief-file} in the plan's [launch]")
    case .noProgram(let error):
      self.init(
        "\(error), which the plan launches", hint: "install it, or change [launch] in preflight.toml: \(words)")
    }
  }
}
