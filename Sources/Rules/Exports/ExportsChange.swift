import Exports
import Plan

/// What a commit or a push does to one file of exports: all that the rules `exports.*` ask about.
///
/// What is judged is the net change from `base`; a statement, stub or line that stands in `head`, in one of `mergeHeads` or in
/// `trunk` as it does in `staged` is never a finding.
public struct ExportsChange {
  /// How a finding is got out of the way when nothing else is known to help.
  public enum Remedy: Hashable, Sendable {
    /// The file is taken out of the commit that is being made.
    case leaveOut(CommitForm)
    /// The file is put back as in this commit, by a commit of its own.
    case restore(from: String)
  }

  public let path: [UInt8]
  public let resolver: ModuleResolver
  let base: BarrelVersion
  let staged: BarrelVersion
  let trunk: BarrelVersion?
  let head: BarrelVersion?
  let mergeHeads: [BarrelVersion]
  /// The stream whose branch this is; `nil` for a branch that the plan does not name.
  public let stream: String?
  /// Whether the branch is trunk, where stubs are written and streams are merged.
  public let isTrunk: Bool
  public let stubPolicy: Plan.SharedFiles.StubPolicy
  let streams: [StreamNames]
  /// Whether the message says `This reverts commit`.
  public let saysItReverts: Bool
  /// Whether the commit's tree (the index) provides a path. What cannot be seen, such as below a submodule, counts as provided.
  let provides: ([UInt8]) -> Bool
  /// Whether the work tree has a file of this path that the index has not.
  let isUntracked: ([UInt8]) -> Bool
  public let remedy: Remedy

  /// Each side is the file's bytes; `nil` where there is no such side, or no such file on it.
  public init(
    path: [UInt8], language: Language, base: [UInt8]?, head: [UInt8]?, staged: [UInt8], trunk: [UInt8]?,
    mergeHeads: [[UInt8]] = [], stream: String?, isTrunk: Bool = false,
    stubPolicy: Plan.SharedFiles.StubPolicy = .block,
    streams: [StreamNames], saysItReverts: Bool = false, remedy: Remedy = .leaveOut(.staged),
    parsed: ParsedBarrels = ParsedBarrels(),
    isUntracked: @escaping ([UInt8]) -> Bool = { _ in false }, provides: @escaping ([UInt8]) -> Bool
  ) {
    // Most sides of a change are one and the same text.
    var known: [BarrelVersion] = []
    func version(_ bytes: [UInt8]) -> BarrelVersion {
      if let version = known.first(where: { $0.barrel.bytes == bytes }) { return version }
      let version = BarrelVersion(parsed.barrel(bytes, language: language), streams: streams)
      known.append(version)
      return version
    }
    self.path = path
    resolver = ModuleResolver(path: path, language: language)
    self.base = version(base ?? [])
    self.head = head.map(version)
    self.staged = version(staged)
    self.trunk = trunk.map(version)
    self.mergeHeads = mergeHeads.map(version)
    self.stream = stream
    self.isTrunk = isTrunk
    self.stubPolicy = stubPolicy
    self.streams = streams
    self.saysItReverts = saysItReverts
    self.remedy = remedy
    self.isUntracked = isUntracked
    self.provides = provides
  }

  /// Those whose content is not this change's: as it is there it is no finding.
  var settled: [BarrelVersion] { [head, trunk].compactMap { $0 } + mergeHeads }

  /// The base and those, each once.
  var others: [BarrelVersion] {
    var result: [BarrelVersion] = []
    for version in [base] + settled where !result.contains(where: { $0 === version }) { result.append(version) }
    return result
  }

  /// Whether the rules have anything to say: the file is not another side's as a whole.
  var isJudged: Bool { stubPolicy != .off && !others.contains { $0.barrel.bytes == staged.barrel.bytes } }

  func isOwn(_ owners: Owners?) -> Bool {
    guard let stream, let owners else { return false }
    return owners.streams.contains(stream)
  }

  func finding(
    _ rule: RuleID, _ severity: Severity, _ message: Finding.Message, at place: (line: Int, column: Int)
  ) -> Finding {
    Finding(rule, severity, message, path: path, line: place.line, column: place.column)
  }

  /// The command that gets the file out of the way.
  var remedyCommand: String { remedy.command(for: path) }

  /// All findings of the rules `exports.*`, with their default severities.
  public var findings: [Finding] {
    guard isJudged else { return [] }
    let foreign = ForeignExportRule.findings(in: self)
    // What is somebody else's is for `foreign` alone to allow or refuse, also where the plan switches that off.
    let shape = ExportShapeRule.findings(in: self).filter { finding in !foreign.contains { $0.line == finding.line } }
    return foreign + shape
      + MissingModuleRule.findings(in: self)
      + LostExportRule.findings(in: self) + UnownedStubRule.findings(in: self)
  }
}

extension ExportsChange.Remedy {
  /// The command that gets `path` out of the way.
  func command(for path: [UInt8]) -> String {
    switch self {
    case .leaveOut(let form): form.leavingOut(path)
    case .restore(let source):
      "git restore --source=\(source) --staged --worktree -- \(Pathspec(path)) && git commit -m 'fix: put back exports'"
    }
  }
}
