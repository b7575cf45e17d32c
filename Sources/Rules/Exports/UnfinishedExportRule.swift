import Exports

/// A stub that its stream has left a comment, with all of its issues done.
public struct UnfinishedStub: Hashable, Sendable {
  public var path: [UInt8]
  /// From 1.
  public var line: Int
  public var statement: ExportStatement
  public var stream: StreamReference

  public init(path: [UInt8], line: Int, statement: ExportStatement, stream: StreamReference) {
    self.path = path
    self.line = line
    self.statement = statement
    self.stream = stream
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
    .init(
      "\(stub.statement.shown) is still a stub, and every issue of \(stub.stream.title) is done",
      hint: "bring it to life, or delete it where its module will not come")
  }
}
