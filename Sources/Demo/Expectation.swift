import Platform

/// How a command ends where preflight does what it promises.
public struct Expectation: Hashable, Sendable {
  public var status: Int32
  /// Pieces of what is printed.
  public var output: [String]
  /// A worktree whose branch, index and files the command must leave as they are, seen from the hive's directory.
  public var untouched: FilePath?

  public init(status: Int32, output: [String] = [], untouched: FilePath? = nil) {
    self.status = status
    self.output = output
    self.untouched = untouched
  }

  public static let pass = Expectation(status: 0)

  public static func pass(_ output: String..., untouched: FilePath? = nil) -> Expectation {
    Expectation(status: 0, output: output, untouched: untouched)
  }

  /// Refused by a rule, with a hint.
  public static func refusal(by rule: String) -> Expectation {
    Expectation(status: 1, output: ["[\(rule)]", "hint: "])
  }

  /// What is missing in how a command ended; `nil` where nothing is.
  func disappointment(in result: ProcessResult) -> String? {
    var wrong: [String] = []
    if result.exitStatus != status {
      wrong.append("exit status \(status) was expected, and it is \(result.exitStatus)")
    }
    let printed = String(decoding: result.output, as: UTF8.self)
    for piece in output where !printed.utf8.contains(piece.utf8) {
      wrong.append("'\(piece)' was expected in what is printed")
    }
    return wrong.isEmpty ? nil : wrong.joined(separator: "; ")
  }
}
