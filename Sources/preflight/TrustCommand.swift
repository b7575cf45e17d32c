import ArgumentParser
import Checks
import Inspection
import Platform
import Reporting
import Rules

struct TrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust", abstract: "Shows the commands of the plan and approves exactly these on this machine.",
    discussion: """
      After a change of the plan only the difference is shown. What is not approved is not run; rules need no approval. \
      PREFLIGHT_TRUST=1 approves every command where nobody can be asked, as in CI.
      """)

  @Flag(help: "Approve without asking.")
  var yes = false

  @Flag(help: "Show what is approved, and change nothing.")
  var list = false

  @Flag(help: "Approve nothing any more.")
  var revoke = false

  func validate() throws {
    guard [yes, list, revoke].count(where: { $0 }) < 2 else {
      throw ValidationError("--yes, --list and --revoke are three different things to do")
    }
  }

  func run() throws {
    let bench = try Workbench()
    var environment = bench.environment
    environment["PREFLIGHT_TRUST"] = nil  // what is recorded counts here
    var trust = try Trust.load(for: bench.layout, environment: environment)
    if list { return Self.show(trust.approved.map { ("", $0) }, orSay: "no command is approved") }
    if revoke {
      try trust.approve([])
      return Printer(.output).print("no command is approved any more")
    }
    try bench.requirePlan()
    try update(&trust, to: bench.plan.commands)
  }

  private func update(_ trust: inout Trust, to commands: [TrustedCommand]) throws {
    let difference = Trust.difference(from: trust.approved, to: commands)
    if difference.isEmpty {
      let words: DisplayText =
        commands.isEmpty ? "the plan has no commands" : "nothing to do: \(commands.count, "command") approved already"
      return Printer(.output).print(words)
    }
    let isFirst = trust.approved.isEmpty
    Self.show(isFirst ? commands.map { ("", $0) } : difference.lines, orSay: "")
    if !difference.added.isEmpty { try confirm(difference.added.count) }
    try trust.approve(commands)
    Printer(.output).print(
      commands.isEmpty ? "no command is approved any more" : "approved on this machine: \(commands.count, "command")")
    try Workbench().startNotices()  // what has waited for this
  }

  private func confirm(_ count: Int) throws {
    if yes { return }
    let printer = Printer(.error)
    guard StandardStream.input.isTerminal, StandardStream.error.isTerminal else {
      printer.print([
        "\("error:", .error) nothing was approved: there is no terminal to ask on",
        "\("hint:", .hint) preflight trust --yes",
      ])
      throw ExitStatus.findings
    }
    printer.print("approve \(count, "new command") on this machine? Type 'yes':")
    guard readLine() == "yes" else {
      printer.print("nothing was approved")
      throw ExitStatus.findings
    }
  }

  /// Whole, however long: what is approved is what was seen.
  private static func show(_ commands: [(sign: DisplayText, TrustedCommand)], orSay nothing: DisplayText) {
    var table = Table([.init(""), .init("table"), .init("runs in"), .init("command")])
    for (sign, command) in commands {
      let words = command.words.map { shellQuoted($0) }.joined(separator: " ")
      table.append([sign, "\(command.table)", "\(command.place.rawValue)", "\(words)"])
    }
    Printer(.output).print(commands.isEmpty ? [nothing] : table.lines(width: nil))
  }
}

extension Trust.Difference {
  /// A command that took the place of another of its table comes right below it.
  fileprivate var lines: [(sign: DisplayText, TrustedCommand)] {
    var rest = added
    var lines: [(sign: DisplayText, TrustedCommand)] = []
    for old in removed {
      lines.append(("\("-", .error)", old))
      lines += rest.filter { $0.table == old.table }.map { ("\("+", .good)", $0) }
      rest.removeAll { $0.table == old.table }
    }
    return lines + rest.map { ("\("+", .good)", $0) }
  }
}
