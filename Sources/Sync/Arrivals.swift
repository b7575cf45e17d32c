import Git
import Platform
import StateFiles

/// What moves have brought, noted before each of them until whoever runs commands for it has been told: so a sync that is
/// killed between a move and the telling keeps nobody from it.
public struct Arrivals {
  /// A branch that has come to stand on something new.
  public struct Arrival: Hashable, Sendable {
    /// In full.
    public var branch: String
    public var path: FilePath
    /// Where the branch was, and what it was to stand on.
    public var from: ObjectID
    public var onto: ObjectID
  }

  private let layout: RepositoryLayout
  private let files: BranchFiles

  public init(_ layout: RepositoryLayout) {
    self.layout = layout
    files = BranchFiles(directory: layout.stateDirectory / "arrivals")
  }

  /// Before the move. What an earlier one has brought and nobody was told of stays a part of it.
  func note(_ move: SyncPlan.Move) throws(GitError) {
    let earlier = try files.read(move.branch).flatMap { Arrival($0) }
    let arrival = Arrival(
      branch: move.branch, path: move.worktree.path, from: earlier?.from ?? move.from, onto: move.onto)
    try files.write(arrival.encoded, for: move.branch, durable: true)
  }

  /// Nothing has moved, unless an earlier move has left something to tell.
  func forget(_ move: SyncPlan.Move) throws(GitError) {
    guard let arrival = try files.read(move.branch).flatMap({ Arrival($0) }), arrival.from == move.from else { return }
    try files.remove(move.branch)
  }

  /// Hands what has happened to `body` and forgets it when that returns; what is still going on, or waits for its recovery,
  /// is left for later, and all of it while a sync runs.
  public func settle(in repository: Repository, _ body: ([Arrival]) throws -> Void) throws {
    if files.isEmpty { return }
    var failure: (any Error)?
    _ = try SyncLock.hold(in: layout, as: "looking through what syncs have brought", wait: 0, waiting: { _ in }) {
      () throws(GitError) in
      let (settled, arrived) = try look(in: repository)
      do { try body(arrived) } catch { failure = error }
      if failure == nil { for arrival in settled { try files.remove(arrival.branch) } }
    }
    if let failure { throw failure }
  }

  /// Those of which it is known whether they have happened, and those that have.
  private func look(in repository: Repository) throws(GitError) -> (settled: [Arrival], arrived: [Arrival]) {
    let pending = try MoveJournal(layout).records().map(\.branch) + Journal(layout).records().map(\.branch)
    var settled: [Arrival] = []
    var arrived: [Arrival] = []
    for arrival in try files.all().compactMap({ Arrival($0) }) where !pending.contains(arrival.branch) {
      settled.append(arrival)
      if try arrival.hasHappened(in: repository) { arrived.append(arrival) }
    }
    return (settled, arrived)
  }
}

extension Arrivals.Arrival {
  fileprivate func hasHappened(in repository: Repository) throws(GitError) -> Bool {
    guard let tip = try repository.target(of: branch), try repository.hasObject(from), try repository.hasObject(onto)
    else { return false }
    if try repository.isAncestor(onto, of: from) { return false }
    return try repository.isAncestor(onto, of: tip)
  }

  /// Fields ended by NUL; the first says which form this is.
  fileprivate var encoded: [UInt8] {
    let fields = [
      Array("arrival 1".utf8), Array(branch.utf8), path.bytes, Array("\(from)".utf8), Array("\(onto)".utf8),
    ]
    return Array(fields.map { $0 + [0] }.joined())
  }

  /// `nil` for what this version did not write.
  fileprivate init?(_ bytes: [UInt8]) {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard fields.count == 6, fields[0] == Array("arrival 1".utf8), let from = ObjectID(hex: fields[3]),
      let onto = ObjectID(hex: fields[4])
    else { return nil }
    self.init(
      branch: String(decoding: fields[1], as: UTF8.self), path: FilePath(fields[2]), from: from, onto: onto)
  }
}
