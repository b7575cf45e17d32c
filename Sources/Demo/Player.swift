import Platform
import Reporting
import Rules

/// Plays steps one after another, each shown as a person would see it: the command as typed, then what it prints.
struct Player {
  let stage: Stage
  let printer: Printer
  /// Columns that a line may take; what a command prints must not depend on how narrow a terminal is.
  let width: Int
  /// Seconds after which a command counts as hanging.
  var timeout = 60.0
  /// How many commands were run.
  private(set) var commandCount = 0
  private var directory: FilePath = "."
  private var lastOutput: [UInt8] = []

  init(_ stage: Stage, printer: Printer) {
    self.stage = stage
    self.printer = printer
    width = min(max(printer.style.width ?? 80, 80), 100)
  }

  /// - Parameter interruption: the signal by which somebody wants this process to end.
  mutating func play(_ scenes: [Scene], _ interruption: () -> Int32?) throws {
    for (number, scene) in scenes.enumerated() {
      printer.print(["", "\("\(number). \(scene.title)", .strong)"])
      for step in scene.steps { try play(step, in: step.directory ?? scene.directory, interruption) }
    }
  }

  private mutating func play(_ step: Step, in place: FilePath, _ interruption: () -> Int32?) throws {
    if let signal = interruption() { throw StoryEnd.interrupted(signal: signal) }
    if !step.intention.isEmpty { printer.print([""] + folded(step.intention.utf8, width: width)) }
    try go(to: place)
    switch step.action {
    case .create(let files): try create(files)
    case .edit(let file, let old, let new): try edit(file, from: old, to: new)
    case .type(let command): try run(command, step.expectation, interruption)
    case .pasteHint:
      guard let command = Hint.command(in: lastOutput) else { throw StoryEnd.unexpected("a hint was expected") }
      try run(command, step.expectation, interruption)
    }
  }

  private mutating func go(to place: FilePath) throws {
    guard place != directory else { return }
    show(command: "cd \(shellQuoted(stage.path(of: place).relative(to: stage.path(of: directory)).bytes))")
    directory = place
  }

  /// What is done without a command, as a comment between the commands.
  private func remark(_ words: String) {
    printer.print(folded("# \(words)".utf8, width: width).map { $0.emphasized(.faint) })
  }

  private func show(command: String) {
    for (index, line) in command.split(separator: "\n").enumerated() {
      let prompt: DisplayText = index == 0 ? "\("$", .hint) " : "\(">", .hint) "
      printer.print("\(prompt)\(String(line), .strong)")
    }
  }
}

// MARK: - Files

extension Player {
  private func create(_ files: [Step.NewFile]) throws {
    for file in files {
      let path = stage.path(of: directory).appending(file.path.bytes)
      try path.parent.createDirectories()
      try path.create(Array(file.contents.utf8))
    }
    remark("write " + files.map(\.path.description).joined(separator: " "))
  }

  private func edit(_ file: FilePath, from old: String, to new: String) throws {
    let path = stage.path(of: directory).appending(file.bytes)
    let before = String(decoding: try path.contents(), as: UTF8.self)
    let parts = before.split(separator: old, omittingEmptySubsequences: false)
    guard parts.count == 2 else { throw StoryEnd.unexpected("'\(old)' was expected once in '\(file)'") }
    try path.write(Array((parts[0] + new + parts[1]).utf8))
    remark("edit \(file)")
    printer.print(old.split(separator: "\n").map { "\("-\(String($0))", .faint)" })
    printer.print(new.split(separator: "\n").map { "\("+\(String($0))", .good)" })
  }
}

// MARK: - Commands

extension Player {
  private mutating func run(
    _ command: String, _ expectation: Expectation, _ interruption: () -> Int32?
  ) throws {
    show(command: command)
    let before = try snapshot(expectation)
    let result = try output(of: command, interruption)
    commandCount += 1
    lastOutput = result.output
    printer.print(folded(result.output, width: width).map(highlighted))
    if let disappointment = expectation.disappointment(in: result) { throw StoryEnd.unexpected(disappointment) }
    guard let before, let place = expectation.untouched else { return }
    guard let after = try snapshot(expectation), before == after else {
      throw StoryEnd.unexpected("'\(place)' was expected to stay as it was")
    }
    remark("compared: branch, index and all \(before.files.count) files of \(place.lastComponent) are as before")
  }

  private func snapshot(_ expectation: Expectation) throws -> WorktreeSnapshot? {
    try expectation.untouched.map {
      try WorktreeSnapshot(of: stage.path(of: $0), environment: stage.environment)
    }
  }

  /// As a shell runs it that has no terminal: what it reads is empty, and both its streams are one.
  private func output(of command: String, _ interruption: () -> Int32?) throws -> ProcessResult {
    var environment = stage.environment
    environment["COLUMNS"] = String(width)
    var request = ProcessRequest(
      "sh", ["-c", Argument(command)], environment: environment, directory: stage.path(of: directory))
    request.mergesError = true
    request.ownGroup = true
    request.endsGroup = true
    request.timeout = timeout
    let child = try ChildProcess(request)
    while !child.poll(seconds: 0.1) {
      guard let signal = interruption() else { continue }
      child.stop(grace: 2)
      _ = child.finish()
      throw StoryEnd.interrupted(signal: signal)
    }
    return child.finish()
  }
}
