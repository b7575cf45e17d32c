import Git
import Platform

/// A small number that no two live worktrees of a repository share, for ports and the names of containers: 0 is the main
/// worktree, the others count from 1.
///
/// Each lies in its worktree's own part of the common directory, so that git itself frees it together with the worktree.
public struct WorktreeSlot: Sendable {
  private let layout: RepositoryLayout

  public init(of layout: RepositoryLayout) { self.layout = layout }

  /// The worktree's number, given now where it has none.
  public func number() throws(SystemError) -> Int {
    guard layout.isLinked else { return 0 }
    if let number = try settled() { return number }
    try layout.stateDirectory.createDirectories()
    let lock = try waitForLock()
    if let number = try settled() { return number }  // somebody may have been faster
    let taken = try Set(others().map(\.number))
    var number = 1
    while taken.contains(number) { number += 1 }
    try file.parent.createDirectories()
    try file.write(Array("\(number)\n".utf8), durable: true)
    _ = consume lock
    return number
  }

  private var file: FilePath { layout.worktreeStateDirectory / "slot" }

  /// A number that is another's, too, as in a git directory that somebody has copied, belongs to the first by name.
  private func settled() throws(SystemError) -> Int? {
    guard let number = try Self.number(in: file) else { return nil }
    let name = layout.gitDirectory.lastComponent.bytes
    let hasOlder = try others().contains { $0.number == number && $0.name.lexicographicallyPrecedes(name) }
    return hasOlder ? nil : number
  }

  private func others() throws(SystemError) -> [(name: [UInt8], number: Int)] {
    let registry = layout.commonDirectory / "worktrees"
    var result: [(name: [UInt8], number: Int)] = []
    for name in try registry.entries() where name != layout.gitDirectory.lastComponent {
      if let number = try Self.number(in: registry.appending(name.bytes) / "preflight/slot") {
        result.append((name.bytes, number))
      }
    }
    return result
  }

  private static func number(in file: FilePath) throws(SystemError) -> Int? {
    guard let bytes = try file.contentsIfPresent() else { return nil }
    let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return Int(line).flatMap { $0 > 0 ? $0 : nil }
  }

  private func waitForLock() throws(SystemError) -> FileLock {
    while true {
      if let lock = try FileLock(trying: layout.stateDirectory / "slots.lock", holder: "slots") { return lock }
      Clock.sleep(seconds: 0.005)  // it is held for as long as it takes to write a line
    }
  }
}
