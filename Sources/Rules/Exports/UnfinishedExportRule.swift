import Exports

/// A stub that its stream has left a comment although it is ready.
public struct UnfinishedStub: Hashable, Sendable {
  /// By what the stream is known to be ready.
  public enum Grounds: Hashable, Sendable {
    /// Each of its issues is done.
    case issues
    /// It says so, of the commits that its branch has now.
    case signal
  }

  public var path: [UInt8]
  /// From 1.
  public var line: Int
  public var statement: ExportStatement
  public var stream: StreamReference
  public var grounds: Grounds

  public init(path: [UInt8], line: Int, statement: ExportStatement, stream: StreamReference, grounds: Grounds) {
    self.path = path
    self.line = line
    self.statement = statement
    self.stream = stream
    self.grounds = grounds
  }
}

/// A stream that is ready has brought its stubs to life, or taken them away.
public enum UnfinishedExportRule {
  public static let id: RuleID = "exports.unfinished"

  public static func findings(in stub: UnfinishedStub) -> [Finding] {
    [Finding(id, .warning, .unfinished(stub), path: stub.path, line: stub.line)]
  }
}

extension Finding.Message {
  fileprivate static func unfinished(_ stub: UnfinishedStub) -> Self {
    let why =
      switch stub.grounds {
      case .issues: "every issue of \(stub.stream.title) is done"
      case .signal: "\(stub.stream.title) says that it is ready"
      }
    return .init(
      "\(stub.statement.shown) is still a stub, and \(why)",
      hint: "bring it to life, or delete it where its module will not come")
  }
}
