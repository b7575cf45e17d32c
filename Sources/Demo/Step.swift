import Platform

/// A part of the story: what is shown, and what happens at it.
public struct Scene: Sendable {
  /// What the scene shows, in a few words.
  public var title: String
  /// Where its steps happen, seen from the hive's directory.
  public var directory: FilePath
  public var steps: [Step]

  public init(_ title: String, in directory: FilePath, _ steps: [Step]) {
    self.title = title
    self.directory = directory
    self.steps = steps
  }
}

/// One thing that a person does, and what must come of it.
public struct Step: Sendable {
  public enum Action: Hashable, Sendable {
    /// Writes new files; their directories, too.
    case create([NewFile])
    /// Puts other lines in the place of lines that the file holds.
    case edit(file: FilePath, from: String, to: String)
    /// Gives a command, of one line or several, to a shell.
    case type(String)
    /// Gives the command of the last hint that was printed to a shell.
    case pasteHint
  }

  public struct NewFile: Hashable, Sendable {
    public var path: FilePath
    public var contents: String

    public init(_ path: FilePath, _ contents: String) {
      self.path = path
      self.contents = contents
    }
  }

  public var action: Action
  /// What happens, in a short sentence that is printed before; empty where that is plain.
  public var intention: String
  /// Where it happens, if not where the scene does.
  public var directory: FilePath?
  public var expectation: Expectation

  public init(
    _ action: Action, intention: String = "", in directory: FilePath? = nil, expecting expectation: Expectation = .pass
  ) {
    self.action = action
    self.intention = intention
    self.directory = directory
    self.expectation = expectation
  }
}

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

extension Collection where Element: Equatable {
  /// Whether `piece` occurs in it.
  fileprivate func contains(_ piece: some Collection<Element>) -> Bool {
    var rest = self[...]
    while true {
      if rest.starts(with: piece) { return true }
      if rest.isEmpty { return false }
      rest = rest.dropFirst()
    }
  }
}
