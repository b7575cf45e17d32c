import Checks
import Reporting

extension CheckStatus {
  /// One word for programs.
  var word: String {
    switch self {
    case .passed: "passed"
    case .failed, .killed: "failed"
    case .timedOut: "timed-out"
    case .couldNotStart: "could-not-start"
    case .notTrusted: "not-trusted"
    case .skipped: "skipped"
    case .remembered: "remembered"
    case .interrupted: "interrupted"
    }
  }

  /// A phrase for people.
  ///
  /// - Parameter now: seconds since 1970.
  func phrase(now: Int64) -> DisplayText {
    switch self {
    case .passed: "\("passed", .good)"
    case .failed(let exitStatus): "\("failed", .error) (exit status \(exitStatus))"
    case .killed(let signal): "\("failed", .error) (killed by signal \(signal))"
    case .timedOut(let seconds): "\("timed out", .error) after \(duration(seconds))"
    case .couldNotStart(let reason): "\("could not start", .error): \(reason)"
    case .notTrusted: "\("not run", .warning): not approved on this machine (preflight trust)"
    case .skipped(let reason): "\("skipped", .faint): \(reason)"
    case .remembered(let time): "\("passed", .good) on the same tree \(duration(Double(max(0, now - time)))) ago"
    case .interrupted: "\("interrupted", .warning)"
    }
  }
}

/// A row a check, in their order.
///
/// - Parameter now: seconds since 1970.
public func checkSummary(_ results: [CheckResult], now: Int64) -> Table {
  var table = Table([.init("check", isFlexible: true), .init("result", isFlexible: true), .init("time", .right)])
  for result in results {
    let time = result.seconds.map(duration) ?? ""
    table.append(["\(result.name)", result.status.phrase(now: now), "\(time)"])
  }
  return table
}

/// The output of the checks that ran and failed, each under a line that names it.
public func failedOutput(_ results: [CheckResult]) -> [DisplayText] {
  results.filter { !$0.status.isSuccess && $0.seconds != nil }.flatMap { result in
    var lines: [DisplayText] = ["\("--- output of '\(result.name)'", .strong)"]
    if result.omittedOutput > 0 { lines.append("(the first \(result.omittedOutput, "byte") left out)") }
    if result.output.isEmpty { lines.append("(none)") }
    return lines + outputLines(result.output)
  }
}

/// A command's output line by line. Colours are dropped; of a line that was written over, what stood there last is kept.
func outputLines(_ output: [UInt8]) -> [DisplayText] {
  var lines = output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  if lines.last?.isEmpty == true { lines.removeLast() }
  return lines.map { line in
    let last = line.split(separator: UInt8(ascii: "\r")).last ?? []
    let parts = withoutColours(last).split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    return parts.map { DisplayText(bytes: $0) }.joined(separator: "\t")
  }
}

/// Without "select graphic rendition" (`ESC [ … m`), the one sequence that says nothing when it is gone.
private func withoutColours(_ line: ArraySlice<UInt8>) -> [UInt8] {
  var result: [UInt8] = []
  var rest = line
  while let byte = rest.first {
    if byte == 0x1b, rest.dropFirst().first == UInt8(ascii: "[") {
      let tail = rest.dropFirst(2).drop { (0x30...0x3b).contains($0) }
      if tail.first == UInt8(ascii: "m") {
        rest = tail.dropFirst()
        continue
      }
    }
    result.append(byte)
    rest.removeFirst()
  }
  return result
}
