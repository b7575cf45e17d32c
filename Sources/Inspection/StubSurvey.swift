import Exports
import Git
import Plan
import Platform
import Rules

/// A commented-out export of a shared barrel, whose it is, and what has become of that.
public struct ReservedStub: Sendable {
  public enum State: String, Sendable, CaseIterable {
    /// Its stream is at work, or has not begun.
    case reserved
    /// Live on its stream's branch: it comes with the merge.
    case live
    /// Its streams are merged, and it is still a comment.
    case merged
    /// Its comment names issues that are nobody's in the plan.
    case gone
    /// Its live twin stands in the same file.
    case twin
    /// No comment says whose it is.
    case unowned

    /// Whether nobody will bring it to life any more.
    public var isDead: Bool { self == .merged || self == .gone || self == .twin }
  }

  public let path: [UInt8]
  public let line: Int
  public let statement: ExportStatement
  /// Ids of streams, merged ones among them.
  public let streams: [String]
  public let state: State
  /// Its index among the barrel's items.
  public let item: Int
}

/// The shared barrels of a worktree, with their stubs.
public struct StubSurvey {
  public struct SharedBarrel {
    public let path: [UInt8]
    public let barrel: Barrel
    public let stubs: [ReservedStub]
  }

  private let situation: Situation
  private let ledger: IssueLedger

  public init(_ situation: Situation) throws {
    self.situation = situation
    ledger = try situation.ledger()
  }

  /// By path; of a bare repository, trunk's.
  public func barrels() throws -> [SharedBarrel] {
    try paths().compactMap { path in
      guard let language = Language(path: path), let bytes = try contents(at: path) else { return nil }
      let barrel = Barrel(bytes, language: language)
      return SharedBarrel(path: path, barrel: barrel, stubs: try stubs(of: barrel, path))
    }
  }

  private func paths() throws -> [[UInt8]] {
    let patterns = situation.plan.shared.filter { $0.merge == .barrel }.flatMap(\.paths)
    var paths = Set(patterns.compactMap(\.literalPath))
    if patterns.contains(where: { $0.literalPath == nil }), let tip = situation.head ?? situation.trunk?.tip {
      paths.formUnion(try situation.repository.files(in: situation.repository.commit(tip).tree).map(\.path))
    }
    return paths.filter { situation.sharedFiles(for: $0)?.merge == .barrel }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func contents(at path: [UInt8]) throws -> [UInt8]? {
    if let workTree = situation.repository.layout.workTree { return try workTree.appending(path).contentsIfPresent() }
    return try situation.trunk.flatMap { try situation.snapshot(of: $0.tip).contents(at: path) }
  }

  private func stubs(of barrel: Barrel, _ path: [UInt8]) throws -> [ReservedStub] {
    let ownership = Ownership(of: barrel, among: situation.plan.streams.map(StreamNames.init))
    var onBranches: [String: Barrel] = [:]
    for stream in situation.plan.streams {
      guard let tip = try situation.repository.target(of: "refs/heads/\(stream.branch)"),
        let bytes = try situation.snapshot(of: tip).contents(at: path)
      else { continue }
      onBranches[stream.id] = Barrel(bytes, language: barrel.language)
    }
    return barrel.items.indices.compactMap { index in
      guard let stub = barrel.items[index].stub else { return nil }
      let streams = ownership.owners[index]?.streams ?? []
      let state = state(of: stub, at: index, streams, barrel, onBranches)
      return ReservedStub(
        path: path, line: barrel.position(of: barrel.items[index]).line, statement: stub.statement, streams: streams,
        state: state, item: index)
    }
  }

  private func state(
    of stub: Stub, at index: Int, _ streams: [String], _ barrel: Barrel, _ onBranches: [String: Barrel]
  ) -> ReservedStub.State {
    let identity = stub.statement.identity
    if barrel.state(of: identity) == .live { return .twin }
    guard !streams.isEmpty else { return namesIssue(above: index, in: barrel) ? .gone : .unowned }
    if streams.allSatisfy(ledger.mergedStreams.contains) { return .merged }
    return streams.contains { onBranches[$0]?.state(of: identity) == .live } ? .live : .reserved
  }

  /// Whether the comment above it or behind it names an issue by its form, `SMI-1448`, that no stream of the plan has.
  private func namesIssue(above index: Int, in barrel: Barrel) -> Bool {
    let comments =
      barrel.leadingComments(of: index).map { barrel.items[$0].range }
      + [barrel.items[index].trailingComment].compactMap { $0 }
    let prefixes = situation.plan.project.issuePrefixes.map { Array(($0 + "-").utf8) }
    return comments.contains { range in
      barrel.bytes[range].split { !$0.isIssueLetter }.contains { word in
        prefixes.contains {
          word.starts(with: $0) && word.count > $0.count
            && word.dropFirst($0.count).allSatisfy { (0x30...0x39).contains($0) }
        }
      }
    }
  }
}

extension UInt8 {
  fileprivate var isIssueLetter: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
      || self == UInt8(ascii: "-")
      || self == UInt8(ascii: "_")
  }
}
