import Platform

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
