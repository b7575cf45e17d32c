/// Whose a path is, with the plan's patterns compiled once for many questions.
public struct PathOwners: Sendable {
  private let streams: [(stream: Plan.Stream, patterns: [CompiledPattern])]
  private let shared: [(files: Plan.SharedFiles, patterns: [CompiledPattern])]

  /// Merged streams own nothing any more.
  public init(_ plan: Plan, merged: Set<String> = []) {
    streams = plan.streams.filter { !merged.contains($0.id) }.map { ($0, $0.files.map(CompiledPattern.init)) }
    shared = plan.shared.map { ($0, $0.paths.map(CompiledPattern.init)) }
  }

  /// Every stream with a pattern that matches, in the order of the plan.
  public func streams(owning path: [UInt8]) -> [Plan.Stream] {
    streams.filter { entry in entry.patterns.contains { $0.matches(path) } }.map(\.stream)
  }

  /// The first entry of `[[shared]]` with a pattern that matches.
  public func sharedFiles(for path: [UInt8]) -> Plan.SharedFiles? {
    shared.first { entry in entry.patterns.contains { $0.matches(path) } }?.files
  }
}

extension Plan {
  /// Every stream with a pattern that matches, until it is merged. For many paths, ask `PathOwners`.
  public func streams(owning path: [UInt8], merged: Set<String> = []) -> [Stream] {
    PathOwners(self, merged: merged).streams(owning: path)
  }

  /// The first entry of `[[shared]]` with a pattern that matches. For many paths, ask `PathOwners`.
  public func sharedFiles(for path: [UInt8]) -> SharedFiles? {
    shared.first { files in files.paths.contains { $0.matches(path) } }
  }
}
