import Checks
import Git
import Plan
import Platform
import Sync

/// The plan's commands for a new worktree, or for one that is to go: one after another, side by side with those of other
/// worktrees. What has run is noted, so that a series that was cut short goes on where it stood.
public struct CommandSeries {
  public enum Kind: String, Hashable, Sendable {
    case setup
    case remove

    public var table: String { "worktree.\(rawValue)" }
  }

  /// What came of the series in one worktree.
  public enum Outcome: Hashable, Sendable {
    /// How many commands ran now; 0 where all had run before or there are none.
    case done(ran: Int)
    /// The command as the plan has it, what happened, and the file that holds its output.
    case failed(command: [String], String, output: FilePath)
    /// This many of its commands are not approved on this machine.
    case notApproved(Int)
    /// Another process runs them now, or what it had started still runs.
    case running(process: Int32)
    case interrupted

    public var isDone: Bool { if case .done = self { true } else { false } }
  }

  /// A worktree, and what its commands are given.
  public struct Place: Sendable {
    public var layout: RepositoryLayout
    public var stream: String?
    public var placeholders: Placeholders

    public init(_ layout: RepositoryLayout, stream: String?, _ placeholders: Placeholders) {
      self.layout = layout
      self.stream = stream
      self.placeholders = placeholders
    }
  }

  private let kind: Kind
  private let commands: [[String]]
  private let unapproved: Int
  private let environment: Environment
  /// How many run at once.
  public var width = CurrentProcess.processorCount
  /// Seconds between asking a command to stop and killing it.
  public var grace = 5.0

  /// - Parameter environment: the user's.
  public init(_ kind: Kind, of plan: Plan, trust: Trust, environment: Environment) {
    self.kind = kind
    commands = kind == .setup ? plan.worktree.setup : plan.worktree.remove
    unapproved = commands.count { !trust.isApproved(TrustedCommand(kind.table, $0)) }
    self.environment = environment
  }

  /// Whether a worktree has had all of them.
  public func isDone(in layout: RepositoryLayout) throws(SystemError) -> Bool {
    let record = try SeriesRecord(kind, in: layout)
    return commands.allSatisfy { record.ran.contains($0) }
  }

  /// Takes it that nothing has run: what `remove` has taken down, `setup` has to bring up again.
  public func forget(in layout: RepositoryLayout) throws(SystemError) {
    try SeriesRecord.file(kind, in: layout).remove()
  }

  /// Whether it was begun and did not come to its end.
  public func isCutShort(in layout: RepositoryLayout) throws -> Bool {
    guard SeriesRecord.file(kind, in: layout).exists else { return false }
    return try !isDone(in: layout)
  }

  /// Runs them, and tells `observe` of each that is started. The outcomes are in the order of `places`.
  public func run(
    in places: [Place], interruption: () -> Interruption?, observe: (Place, [String]) -> Void = { _, _ in }
  ) throws -> [Outcome] {
    if commands.isEmpty { return places.map { _ in .done(ran: 0) } }
    let jobs = try places.map { try SeriesJob(kind, commands, at: $0, environment) }
    if unapproved > 0 { for job in jobs where job.outcome == nil { job.outcome = .notApproved(unapproved) } }
    while jobs.contains(where: { $0.outcome == nil }) {
      if let signal = interruption() { for job in jobs { job.interrupt(grace: signal.isRepeated ? 0 : grace) } }
      var running = jobs.filter(\.isRunning)
      for job in jobs where job.outcome == nil && !job.isRunning && running.count < width {
        observe(job.place, try job.startNext())
        if job.isRunning { running.append(job) }
      }
      for job in running { try job.advance(seconds: 0.05 / Double(running.count)) }
    }
    return jobs.map { $0.outcome! }  // the loop ends when each has one
  }
}

/// What has run in a worktree, word by word.
struct SeriesRecord {
  private(set) var ran: [[String]] = []
  private let path: FilePath

  static func file(_ kind: CommandSeries.Kind, in layout: RepositoryLayout) -> FilePath {
    layout.worktreeStateDirectory / kind.rawValue
  }

  init(_ kind: CommandSeries.Kind, in layout: RepositoryLayout) throws(SystemError) {
    path = Self.file(kind, in: layout)
    guard let bytes = try path.contentsIfPresent() else { return }
    var fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    guard fields.popLast() == "" else { return }  // never written by halves: somebody else's
    var rest = fields[...]
    while let count = rest.popFirst().flatMap({ Int($0) }), count >= 0, rest.count >= count {
      ran.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
  }

  mutating func add(_ command: [String]) throws(SystemError) {
    ran.append(command)
    try write()
  }

  /// How many words, then the words, each ended by NUL.
  func write() throws(SystemError) {
    let fields = ran.flatMap { ["\($0.count)"] + $0 }
    try path.parent.createDirectories()
    try path.write(Array(fields.map { Array($0.utf8) + [0] }.joined()), durable: true)
  }
}

/// The series of one worktree under way.
private final class SeriesJob {
  let place: CommandSeries.Place
  var outcome: CommandSeries.Outcome?
  private let kind: CommandSeries.Kind
  private let environment: Environment
  private let output: FilePath
  private var record: SeriesRecord
  private var rest: [[String]]
  private var child: ChildProcess?
  private var lock: Held<FileLock>?
  /// No sync moves the worktree meanwhile.
  private var activity: Held<Activity>?
  private var count = 0
  private var isInterrupted = false

  var isRunning: Bool { child != nil }

  init(
    _ kind: CommandSeries.Kind, _ commands: [[String]], at place: CommandSeries.Place, _ environment: Environment
  ) throws {
    self.kind = kind
    self.place = place
    self.environment = environment.forCommand(in: place.layout, stream: place.stream)
    output = place.layout.worktreeStateDirectory / "\(kind.rawValue).log"
    record = try SeriesRecord(kind, in: place.layout)
    let ran = record.ran
    rest = commands.filter { !ran.contains($0) }
    if rest.isEmpty { outcome = .done(ran: 0) }
  }

  /// - Returns: the command that was started.
  func startNext() throws -> [String] {
    let command = rest[0]
    if lock == nil, try !begin() { return command }
    do {
      let words = try place.placeholders.filling(command)
      try output.append(Array("$ \(command.map { shellQuoted($0) }.joined(separator: " "))\n".utf8))
      var request = ProcessRequest(
        FilePath(words[0].bytes), Array(words.dropFirst()), environment: environment,
        directory: place.placeholders.worktree, output: .appended(to: output))
      request.mergesError = true
      request.ownSession = true
      let started = try ChildProcess(request)
      note(started.id)
      child = started
    } catch let error as SystemError {
      fail(error.description)
    } catch let error as Placeholders.Unfilled {
      fail(error.description)
    }
    return command
  }

  func advance(seconds: Double) throws {
    guard let running = child, running.poll(seconds: seconds) else { return }
    child = nil
    let ending = running.finish().ending
    if isInterrupted {
      end(.interrupted)
    } else if case .exited(0) = ending {
      try record.add(rest.removeFirst())
      count += 1
      if rest.isEmpty { end(.done(ran: count)) }
    } else if case .killed(let signal) = ending {
      fail("killed by signal \(signal)")
    } else if case .exited(let status) = ending {
      fail("exit status \(status)")
    }
  }

  /// Starts nothing more, and asks what runs to stop.
  func interrupt(grace: Double) {
    guard outcome == nil else { return }
    guard let child else { return end(.interrupted) }
    if !isInterrupted || grace == 0 { child.stop(grace: grace) }
    isInterrupted = true
  }

  private func fail(_ reason: String) { end(.failed(command: rest[0], reason, output: output)) }

  private func end(_ outcome: CommandSeries.Outcome) {
    self.outcome = outcome
    lock = nil
    activity = nil
  }

  private func note(_ process: Int32) { lock?.value.note(process: process, kind.rawValue) }

  /// `false` where somebody else is at it, or a command that outlived us.
  private func begin() throws -> Bool {
    let file = place.layout.worktreeStateDirectory / "\(kind.rawValue).lock"
    try file.parent.createDirectories()
    let former = FileLock.holder(of: file)?.process
    guard let taken = try FileLock(trying: file, holder: kind.rawValue) else {
      outcome = .running(process: FileLock.holder(of: file)?.process ?? 0)
      return false
    }
    lock = Held(taken)
    // After a crash the one who held it stands there still: the command itself, which may go on without us.
    if let former, former != CurrentProcess.id, isAtWork(former) {
      note(former)
      end(.running(process: former))
      // The next must know, too, and letting go of the lock has wiped it out.
      try file.append(Array("\(former) \(kind.rawValue)\n".utf8))
      return false
    }
    if let begun = try Activity(kind.rawValue, in: place.layout) { activity = Held(begun) }
    try output.write([])
    try record.write()  // begun
    return true
  }

  /// An id may have been given to another process since.
  private func isAtWork(_ process: Int32) -> Bool {
    guard CurrentProcess.isAlive(process), let directory = RunningProcess(id: process)?.directory else { return false }
    return directory.isInside(place.placeholders.worktree)
      || ((try? place.placeholders.worktree.resolved()).map { directory.isInside($0) } ?? false)
  }
}

/// Something that lasts as long as this does.
private final class Held<Value: ~Copyable> {
  let value: Value

  init(_ value: consuming Value) { self.value = value }
}
