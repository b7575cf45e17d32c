import Git
import Plan
import Platform

/// Which worktree a check really sees, found out through its own wrapper.
public struct CheckSight: Hashable, Sendable {
  public enum Answer: Hashable, Sendable {
    /// It sees this worktree, through this wrapper.
    case proven(wrapper: String)
    /// Its program is started in this worktree, without a wrapper that is known here.
    case direct
    /// What it sees is something else: the directory that its program is started in, there.
    case elsewhere(wrapper: String, directory: [UInt8])
    /// Nobody could be asked: how it ended, and the line of what it said that tells why.
    case unknown(wrapper: String, String)
    case notApproved
  }

  public var check: String
  public var answer: Answer
}

/// Writes a word into a worktree that nobody can know, and has each check's wrapper read it where the check would run.
public struct CheckSightTest {
  private let site: CheckSite
  private let runner: CheckRunner
  /// Seconds.
  private static let patience = 60.0

  public init(_ site: CheckSite, runner: CheckRunner) {
    self.site = site
    self.runner = runner
  }

  /// The signal that cut it short is the second value.
  public func run(_ checks: [Plan.Check]) throws(SystemError) -> ([CheckSight], Int32?) {
    let word = (0..<4).map { _ in String(UInt32.random(in: 0 ... .max), radix: 36) }.joined()
    let name = ".preflight-\(word.prefix(8))"
    let file = site.placeholders.worktree / name
    try file.create(Array("\(word)\n".utf8))
    defer { try? file.remove() }
    var sights: [CheckSight] = []
    var requests: [(index: Int, wrapper: String, request: CheckRequest)] = []
    for check in checks {
      guard let wrapper = CommandWrapper(check.run) else {
        sights.append(CheckSight(check: check.name, answer: .direct))
        continue
      }
      guard site.trust.isApproved(TrustedCommand(check)) else {
        sights.append(CheckSight(check: check.name, answer: .notApproved))
        continue
      }
      let command = wrapper.words + ["sh", "-c", Self.script, "sh", name]
      requests.append(
        (
          sights.count, wrapper.name,
          CheckRequest(
            check.name, command, in: site.placeholders, environment: site.environment, lock: check.lock,
            timeout: min(check.timeout, Self.patience))
        ))
      sights.append(CheckSight(check: check.name, answer: .direct))
    }
    let report = runner.run(requests.map(\.request)) { _ in }
    for ((index, wrapper, _), result) in zip(requests, report.results) {
      sights[index].answer = Self.answer(result, word, wrapper: wrapper)
    }
    return (sights, report.signal)
  }

  /// Looks for the file from where the program would be started upwards: that need not be the top.
  private static let script = #"""
    d=$PWD; while :; do if [ -f "$d/$1" ]; then echo "preflight word $(cat "$d/$1")"; exit 0; fi
    [ -n "$d" ] || break; d=${d%/*}; done; echo "preflight elsewhere $PWD"; exit 3
    """#

  private static func answer(_ result: CheckResult, _ word: String, wrapper: String) -> CheckSight.Answer {
    // A wrapper may say things of its own before; a terminal in it ends lines with CR, too.
    let lines = result.output.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    if lines.contains(where: { $0.elementsEqual("preflight word \(word)".utf8) }) { return .proven(wrapper: wrapper) }
    let prefix = Array("preflight elsewhere ".utf8)
    if let line = lines.last(where: { $0.starts(with: prefix) }) {
      return .elsewhere(wrapper: wrapper, directory: Array(line.dropFirst(prefix.count)))
    }
    // What went wrong stands first, and advice after it, unless a line says which it is.
    let complaint = lines.first { $0.mentions("rror") || $0.mentions("annot") } ?? lines.first
    let said = complaint.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let ending =
      switch result.status {
      case .failed(let status): "exit status \(status)"
      case .killed(let signal): "killed by signal \(signal)"
      case .timedOut(let seconds): "no answer within \(Int(seconds)) s"
      case .couldNotStart(let reason): reason
      case .interrupted: "interrupted"
      case .passed, .notTrusted, .skipped, .remembered: "no answer"
      }
    return .unknown(wrapper: wrapper, said.isEmpty ? ending : "\(ending): \(said)")
  }
}
