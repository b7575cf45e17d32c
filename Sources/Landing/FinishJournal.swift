import Git
import Inspection
import Platform
import Sync

/// How far the plan's `[finish]` command has come for each branch: what must not be done twice however often `finish` is
/// run, and whatever a sync makes of the commits meanwhile.
public struct FinishJournal {
  public enum State: String, Hashable, Sendable {
    /// It was started; read back by another process: by one that died before it saw the end.
    case started
    case done
    case failed
  }

  public struct Record: Hashable, Sendable {
    public var state: State
    /// Where the branch was then.
    public var tip: ObjectID
    /// Seconds since 1970.
    public var time: Int64
  }

  private let directory: FilePath

  public init(_ layout: RepositoryLayout) { directory = layout.stateDirectory / "finish" }

  /// What is known of a branch, in full, and still counts.
  ///
  /// A branch that was made anew under an old name, or whose work has landed since, begins anew.
  public func record(of branch: String, in situation: Situation) throws -> Record? {
    guard let bytes = try file(branch).contentsIfPresent() else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
    guard words.count == 5, words[0] == "finish", words[1] == "1", let state = State(rawValue: words[2]),
      let tip = ObjectID(hex: words[3]),
      let time = Int64(words[4].utf8.last == 10 ? String(words[4].dropLast()) : words[4])
    else { return nil }
    let repository = situation.repository
    guard let now = try repository.target(of: branch), try repository.hasObject(tip),
      try repository.hasIncluded(tip, in: branch, at: now)
    else { return nil }
    if let trunk = situation.trunk, try repository.mergesToNothing(tip, into: trunk.tip), now != tip,
      try !repository.mergesToNothing(now, into: trunk.tip)
    {
      return nil
    }
    return Record(state: state, tip: tip, time: time)
  }

  /// On the disk when this returns.
  func write(_ record: Record, of branch: String) throws(SystemError) {
    try directory.createDirectories()
    let text = "finish 1 \(record.state.rawValue) \(record.tip) \(record.time)\n"
    try file(branch).write(Array(text.utf8), durable: true)
  }

  public func forget(_ branch: String) throws(SystemError) { try file(branch).remove() }

  private func file(_ branch: String) -> FilePath {
    let digits = Array("0123456789abcdef".utf8)
    let name = branch.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    // A name of more than 120 bytes would be longer than a file name may be.
    guard name.count > 240 else { return directory.appending(name) }
    return directory.appending(Array(name.prefix(200)) + [UInt8(ascii: "+")] + Array("\(fold(name))".utf8))
  }

  private func fold(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }  // FNV-1a
  }
}
