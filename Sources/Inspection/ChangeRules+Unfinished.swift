import Exports
import Git
import Hive
import Plan
import Rules

extension ChangeRules {
  /// Stubs of a stream that is ready, where neither the stub nor trunk exports the module. It is ready when each of its issues
  /// is done on trunk or named by one of its own commits, or when it says so itself.
  ///
  /// - Parameter saysReady: whether it is about to say so.
  public func unfinishedFindings(saysReady: Bool = false) throws -> [Finding] {
    guard let stream = change.stream else { return [] }
    let grounds: UnfinishedStub.Grounds
    if try hasDoneItsIssues(stream) {
      grounds = .issues
    } else if try saysReady || saysThatItIsReady(stream) {
      grounds = .signal
    } else {
      return []
    }
    let names = [StreamNames(stream)]
    let trunk = try situation.trunk.map { try situation.snapshot(of: $0.tip) }
    return try StubSurvey(situation).barrels().flatMap { shared -> [Finding] in
      guard let bytes = try change.snapshot.contents(at: shared.path) else { return [] }
      let barrel = Barrel(bytes, language: shared.barrel.language)
      let exported = modules(of: barrel)
        .union(try trunk?.contents(at: shared.path).map { modules(of: Barrel($0, language: barrel.language)) } ?? [])
      let ownership = Ownership(of: barrel, among: names)
      return barrel.items.indices.flatMap { index -> [Finding] in
        guard let stub = barrel.items[index].stub, ownership.owners[index] != nil,
          !exported.contains(stub.statement.module ?? [])
        else { return [] }
        return UnfinishedExportRule.findings(
          in: UnfinishedStub(
            path: shared.path, line: barrel.position(of: barrel.items[index]).line, statement: stub.statement,
            stream: StreamReference(stream), grounds: grounds))
      }
    }
  }

  /// What the live statements of a barrel name.
  private func modules(of barrel: Barrel) -> Set<[UInt8]> { Set(barrel.items.compactMap { $0.liveStatement?.module }) }

  private func hasDoneItsIssues(_ stream: Plan.Stream) throws -> Bool {
    let issues = stream.issues.filter { !$0.isExternal }
    let done = try situation.ledger().done
    var open = Set(issues.map(\.id)).subtracting(done)
    for id in change.commits where !open.isEmpty {
      let message = CommitMessage(try situation.repository.commit(id))
      guard message.revertedCommit == nil, !["docs", "chore"].contains(message.type ?? "") else { continue }
      open = open.filter { !message.claims(issue: $0) }
    }
    return !issues.isEmpty && open.isEmpty
  }

  /// Of work that the branch still has as it was.
  private func saysThatItIsReady(_ stream: Plan.Stream) throws -> Bool {
    guard let signal = try HiveStore(situation.repository).snapshot().signal(of: stream.id), signal.state == .ready
    else { return false }
    return try !situation.isStale(signal, tip: situation.head)
  }
}
