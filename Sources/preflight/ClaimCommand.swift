import ArgumentParser
import Git
import Hive
import Platform
import Reporting

struct ClaimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claim", abstract: "Holds paths for this worktree's stream for a while, so that others are told.",
    discussion: """
      Advisory: it expires by itself, and a commit of another stream that touches the path is warned, not refused. Without \
      a path the claims that hold are listed. Exit status: 0 claimed, 1 another stream holds one of the paths, 2 could not \
      work.
      """)

  @ArgumentParser.Argument(help: "Files or directories.")
  var paths: [String] = []

  @Option(name: .customLong("for"), help: "How long: 30m, 2h.")
  var length = ClaimLength(seconds: 7200)

  @Flag(help: "Let go of the paths, or of all that this stream holds.")
  var drop = false

  @Option(name: [.customShort("m"), .customLong("message")], help: "What for.")
  var message = ""

  @Flag(help: "The claims that hold, as JSON.")
  var json = false

  func run() throws {
    let bench = try Workbench()
    Printer(.error).print(bench.clockRemark().map { [$0] } ?? [])
    if drop {
      try letGo(bench)
    } else if paths.isEmpty {
      try list(bench)
    } else {
      try claim(bench)
    }
    try bench.followTrunk()
  }

  private func claim(_ bench: Workbench) throws {
    let stream = try bench.speakingStream()
    let wanted = try paths.map { try bench.repositoryPath($0) }
    let origin = try bench.origin()
    do {
      let outcome = try bench.withHive { hive in
        try hive.claim(
          wanted, for: stream, seconds: length.seconds, text: Array(message.utf8), by: origin,
          ignoringCase: bench.ignoresCase(), isOwn: bench.isOwn)
      }
      bench.showAside(outcome)
    } catch let refused as ClaimRefused {
      let holder = refused.holder
      let below: DisplayText = holder.path == refused.path ? "" : " ('\(ClaimWords.name(of: holder.path))')"
      Printer(.error).print(
        """
        \("error:", .error) '\(ClaimWords.name(of: refused.path))' is claimed by \
        \(bench.title(ofStream: holder.stream))\(below) \(ClaimWords.rest(of: holder, now: bench.hive.now))
        """)
      throw ExitStatus.findings
    }
    for path in wanted {
      Printer(.output).print(
        "\(bench.title(ofStream: stream)) holds '\(ClaimWords.name(of: path))' for \(duration(Double(length.seconds)))")
    }
  }

  private func letGo(_ bench: Workbench) throws {
    let stream = try bench.speakingStream()
    let wanted = try paths.map { try bench.repositoryPath($0) }
    let origin = try bench.origin()
    let (dropped, outcome) = try bench.withHive { hive in
      try hive.dropClaims(wanted, of: stream, by: origin, ignoringCase: bench.ignoresCase(), isOwn: bench.isOwn)
    }
    bench.showAside(outcome)
    let printer = Printer(.output)
    for claim in dropped { printer.print("dropped '\(ClaimWords.name(of: claim.path))'") }
    if dropped.isEmpty { printer.print("nothing to drop: \(bench.title(ofStream: stream)) holds none of it") }
  }

  private func list(_ bench: Workbench) throws {
    let claims = try bench.withHive { try $0.claims() }
    let now = bench.hive.now
    if json {
      let document: JSONValue = ["version": 1, "claims": .array(claims.map { ClaimWords.json($0) })]
      return StandardStream.output.write(document.text + "\n")
    }
    guard !claims.isEmpty else { return Printer(.output).print("nothing is claimed") }
    var table = Table([
      .init("path", isFlexible: true), .init("stream"), .init("for another", .right), .init("why", isFlexible: true),
    ])
    for claim in claims {
      table.append([
        "\(ClaimWords.name(of: claim.path))", "\(claim.stream)", "\(duration(Double(claim.secondsLeft(at: now))))",
        DisplayText(bytes: claim.text),
      ])
    }
    Printer(.output).print(table)
  }
}

/// How long a claim is to hold: whole minutes or hours, up to a week.
struct ClaimLength: ExpressibleByArgument {
  let seconds: Int64

  init(seconds: Int64) { self.seconds = seconds }

  init?(argument: String) {
    let digits = argument.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let number = Int64(String(decoding: Array(digits), as: UTF8.self)) else { return nil }
    let unit: Int64
    switch String(argument.dropFirst(digits.count)) {
    case "s": unit = 1
    case "m": unit = 60
    case "h": unit = 3600
    case "d": unit = 86400
    default: return nil
    }
    let (product, overflows) = number.multipliedReportingOverflow(by: unit)
    guard !overflows, (1...604_800).contains(product) else { return nil }
    seconds = product
  }

  var defaultValueDescription: String { "2h" }
}

/// Claims in words.
enum ClaimWords {
  static func name(of path: [UInt8]) -> DisplayText { path.isEmpty ? "." : DisplayText(bytes: path) }

  /// `for another 1 h 20 min: reason`.
  static func rest(of claim: Claim, now: Int64) -> DisplayText {
    let why: DisplayText = claim.text.isEmpty ? "" : ": \(DisplayText(bytes: claim.text))"
    return "for another \(duration(Double(claim.secondsLeft(at: now))))\(why)"
  }

  static func json(_ claim: Claim) -> JSONValue {
    [
      "path": .string(String(decoding: claim.path, as: UTF8.self)), "stream": .string(claim.stream),
      "until": .integer(Int(claim.until)), "why": .string(String(decoding: claim.text, as: UTF8.self)),
      "by": .string(String(decoding: claim.origin.person, as: UTF8.self)),
      "worktree": .string(String(decoding: claim.origin.place, as: UTF8.self)),
    ]
  }
}

extension Workbench {
  /// Whether a claim under another name is that of the stream that we stand in.
  fileprivate func isOwn(_ claim: Claim) -> Bool {
    situation.holds(claim, stream: situation.stream?.id, branch: situation.branch?.shortBranchName)
  }

  /// A path as people type it in the current directory, from the top of the repository; empty for the top itself.
  func repositoryPath(_ typed: String) throws -> [UInt8] {
    guard let top = layout.workTree else { throw CommandFailure("a bare repository has no files") }
    let path = try FilePath.currentDirectory().appending(typed).normalized
    // The directory may be named through a symbolic link; the file itself need not exist, and may be a link.
    let parent = (try? path.parent.resolved()) ?? path.parent
    let full = path == path.parent ? path : parent.appending(path.lastComponent.bytes)
    let root = try top.resolved()
    if let resolved = try? path.resolved(), resolved == root { return [] }
    guard full.isInside(root), full != root else {
      throw CommandFailure("'\(typed)' is not in this worktree", hint: "cd \(shellQuoted(root))")
    }
    return full.relative(to: root).bytes
  }

  /// The branch of a stream, and where it is.
  func tip(ofStream id: String) throws -> (branch: String?, commit: ObjectID?) {
    let branch = plan.stream(id)?.branch ?? id
    return (branch, try repository.target(of: "refs/heads/\(branch)"))
  }
}
