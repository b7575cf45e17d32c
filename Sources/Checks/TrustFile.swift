import Platform

/// The record of one repository's approved commands: a line of text each, with every word percent-encoded.
///
///     preflight trust 1
///     repository %2Fhome%2Fann%2Fproject%2F.git
///     command checks.tests worktree npm test
struct TrustFile {
  private let state: StateDirectory
  private let path: FilePath
  private let head: [String]

  init(state: StateDirectory, repository: String) {
    self.state = state
    var fingerprint = Fingerprint()
    fingerprint.add(repository)
    path = state.path / "trust/\(fingerprint.hex)"
    head = ["preflight trust 1", "repository \(percentEncoded(repository.utf8))"]
  }

  /// Nothing where nothing was ever approved.
  func read() throws(TrustError) -> [TrustedCommand] {
    do {
      guard let status = try path.status() else { return [] }
      try acceptDirectories()
      guard status.isRegularFile else { throw TrustError.notAFile(path) }
      try accept(status, of: path)
      return try commands(in: try path.contents())
    } catch let error as TrustError { throw error } catch { throw .unreadable("\(error)") }
  }

  func write(_ commands: [TrustedCommand]) throws(TrustError) {
    let text = (head + commands.map(\.line)).map { $0 + "\n" }.joined()
    do {
      _ = try state.directory("trust")
      try acceptDirectories()
      try path.write(Array(text.utf8), permissions: 0o600, durable: true)
    } catch let error as TrustError { throw error } catch { throw .unreadable("\(error)") }
  }

  /// Whoever can write a directory can put another file there.
  private func acceptDirectories() throws {
    for directory in [state.path, path.parent] {
      if let status = try directory.targetStatus() { try accept(status, of: directory) }
    }
  }

  private func accept(_ status: FileStatus, of path: FilePath) throws(TrustError) {
    guard status.owner == CurrentProcess.user else { throw .notOurs(path) }
    guard status.permissions & 0o022 == 0 else { throw .exposed(path) }
  }

  private func commands(in bytes: [UInt8]) throws(TrustError) -> [TrustedCommand] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.popLast()?.isEmpty == true else { throw .damaged(path, line: lines.count + 1) }  // cut off
    for (index, expected) in head.enumerated() {
      guard index < lines.count, lines[index].elementsEqual(expected.utf8) else {
        throw .damaged(path, line: index + 1)
      }
    }
    var commands: [TrustedCommand] = []
    for (index, line) in lines.enumerated().dropFirst(head.count) {
      guard let command = TrustedCommand(line: line) else { throw .damaged(path, line: index + 1) }
      commands.append(command)
    }
    return commands
  }
}
