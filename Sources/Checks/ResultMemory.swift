import Platform

/// The checks that passed, by what they passed on: a small file each in the repository's common git directory.
///
/// It is a cache: what cannot be read is not remembered, and what cannot be written is run again next time.
public struct ResultMemory: Sendable {
  private let directory: FilePath
  /// How many passes are kept, the newest.
  private let capacity: Int

  /// - Parameter common: the repository's common git directory; see `git rev-parse --git-common-dir`.
  public init(common: FilePath, capacity: Int = 1000) {
    directory = common / "preflight/checks"
    self.capacity = capacity
  }

  /// When the check passed on the same tree, in seconds since 1970; `nil` when it has not, or when nobody knows.
  public func pass(of request: CheckRequest) -> Int64? {
    guard let key = request.key, let bytes = try? (directory / key).contents() else { return nil }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[0] == "passed", words[1] == key, words[2].utf8.last == UInt8(ascii: "\n") else {
      return nil
    }
    return Int64(words[2].dropLast())
  }

  /// Remembers that `request` passed at `time`.
  func record(_ request: CheckRequest, at time: Int64) {
    guard let key = request.key else { return }
    do {
      try directory.createDirectories()
      try (directory / key).write(Array("passed \(key) \(time)\n".utf8))
      try prune()
    } catch {}
  }

  private func prune() throws(SystemError) {
    let names = try directory.entries()
    guard names.count > capacity else { return }
    var aged: [(path: FilePath, modified: Int64)] = []
    for name in names {
      let path = directory.appending(name.bytes)
      guard let status = try path.status() else { continue }  // another process prunes too
      aged.append((path, status.modified))
    }
    aged.sort { $0.modified > $1.modified }
    for old in aged.dropFirst(capacity) { try old.path.remove() }
  }
}
