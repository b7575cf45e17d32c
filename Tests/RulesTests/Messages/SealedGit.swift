import Foundation
import Platform
import Testing

/// The real git in a temporary repository, away from the configuration of whoever runs the tests.
final class SealedGit {
  let directory: FilePath
  var environment: Environment

  init() throws {
    directory = try FilePath.temporaryDirectory(prefix: "messages").resolved()
    environment = Environment([
      "HOME": directory.description, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "TZ": "UTC", "LC_ALL": "C",
      "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
      "GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.org", "GIT_COMMITTER_DATE": "1700000000 +0000",
      "GIT_EDITOR": ":",
    ])
    try git("init", "--quiet", "--initial-branch=main")
  }

  deinit { try? directory.removeRecursively() }

  @discardableResult
  func git(_ arguments: Argument..., input: [UInt8] = []) throws -> [UInt8] {
    try run("git", arguments, input: input)
  }

  /// A line as a person would paste it.
  @discardableResult
  func shell(_ line: String) throws -> [UInt8] { try run("sh", ["-c", Argument(line)]) }

  func succeeds(_ line: String) throws -> Bool {
    try ChildProcess.run(
      ProcessRequest("sh", ["-c", Argument(line)], environment: environment, directory: directory)
    ).succeeded
  }

  /// The message of a commit as the object has it.
  func message(of commit: String = "HEAD") throws -> [UInt8] {
    let object = try git("cat-file", "commit", "\(commit)")
    return Array(object[(object.firstRange(of: Array("\n\n".utf8))!.upperBound)...])  // every commit has headers
  }

  private func run(_ program: FilePath, _ arguments: [Argument], input: [UInt8] = []) throws -> [UInt8] {
    let result = try ChildProcess.run(
      ProcessRequest(program, arguments, environment: environment, directory: directory, input: input))
    guard result.succeeded else {
      throw Failure(text: "\(arguments.map { String(decoding: $0.bytes, as: UTF8.self) }): \(result.text)")
    }
    return result.output
  }

  struct Failure: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
  }
}

extension ProcessResult {
  fileprivate var text: String { String(decoding: output + error, as: UTF8.self) }
}

extension String {
  var bytes: [UInt8] { Array(utf8) }
}

func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
