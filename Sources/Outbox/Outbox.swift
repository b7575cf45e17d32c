import Checks
import Git
import Plan
import Platform

/// The commands that wait for their turn and those that have had it: a small file each in the common git directory.
///
/// A file is named for what makes its delivery the same as another and is written whole. What was done stays, so that it is
/// not done again however often it is queued.
public struct Outbox: Sendable {
  let directory: FilePath

  public init(_ layout: RepositoryLayout) { self.init(directory: layout.stateDirectory / "outbox") }

  init(directory: FilePath) { self.directory = directory }

  /// In the order in which they were queued.
  public func all() throws(SystemError) -> [Delivery] {
    let entries = directory / "entries"
    guard entries.isDirectory else { return [] }
    var result: [Delivery] = []
    for name in try entries.entries() where name.bytes.first != UInt8(ascii: ".") {
      guard let bytes = try entries.appending(name.bytes).contentsIfPresent() else { continue }
      if let delivery = Delivery(encoded: bytes) { result.append(delivery) }
    }
    return result.sorted { ($0.queued, $0.key) < ($1.queued, $1.key) }
  }

  /// Queues what was never queued before.
  ///
  /// A command that is to run after a sync and still waits stands for later syncs, too.
  /// - Returns: what is new.
  @discardableResult
  public func queue(_ deliveries: [Delivery]) throws(SystemError) -> [Delivery] {
    if deliveries.isEmpty { return [] }
    let lock = try hold()
    defer { withExtendedLifetime(lock) {} }
    var known = try all()
    var time = max(Clock.nowInNanoseconds(), (known.last?.queued ?? 0) + 1)
    var new: [Delivery] = []
    for var delivery in deliveries {
      // A file that cannot be read may be of a later version, and its work done.
      if file(delivery).exists || known.contains(where: { $0.state == .waiting && $0.standsFor(delivery) }) { continue }
      delivery.queued = time
      time += 1
      try write(delivery)
      known.append(delivery)
      new.append(delivery)
    }
    return new
  }

  /// Lets what has happened before happen again: an issue that was reopened, a stream that is no longer blocked.
  public func forget(where isForgotten: (Delivery) -> Bool) throws(SystemError) {
    guard directory.isDirectory else { return }
    let lock = try hold()
    defer { withExtendedLifetime(lock) {} }
    for delivery in try all() where delivery.state != .started && isForgotten(delivery) {
      try file(delivery).remove()
    }
  }

  /// Puts what has failed, and what nobody has seen the end of, back into the queue: a person has looked.
  ///
  /// - Returns: how many.
  public func retry() throws(SystemError) -> Int {
    guard directory.isDirectory else { return 0 }
    let lock = try hold()
    defer { withExtendedLifetime(lock) {} }
    var count = 0
    for var delivery in try all() where [.failed, .unseen].contains(delivery.state) {
      (delivery.state, delivery.attempts, delivery.notBefore) = (.waiting, 0, 0)
      try write(delivery)
      count += 1
    }
    return count
  }

  /// On the disk when this returns.
  func write(_ delivery: Delivery) throws(SystemError) {
    try (directory / "entries").createDirectories()
    try file(delivery).write(delivery.encoded, durable: true)
  }

  func remove(_ delivery: Delivery) throws(SystemError) { try file(delivery).remove() }

  private func file(_ delivery: Delivery) -> FilePath { directory / "entries" / delivery.key }

  /// For the moment in which the queue is looked through and changed.
  private func hold() throws(SystemError) -> FileLock {
    try directory.createDirectories()
    while true {
      if let lock = try FileLock(trying: directory / "queue.lock", holder: "outbox") { return lock }
      Clock.sleep(seconds: 0.002)
    }
  }
}

extension Delivery {
  /// Whether running this one is all that the other asks for.
  fileprivate func standsFor(_ other: Delivery) -> Bool {
    guard case .afterSync = occasion else { return false }
    return occasion == other.occasion && directory == other.directory
  }
}
