import Git
import Platform
import TestSupport

/// What the user's git makes of a stream.
enum GitOutcome: Equatable {
  case clean(ObjectID)
  /// Where it stopped, and the unmerged paths.
  case conflict(ObjectID?, Set<[UInt8]>)
  /// Not even that.
  case failure(String)
}

/// Rebases streams in the working tree of a repository, one after the other.
struct GitRebase {
  let repository: TestRepository
  private var gitDirectory: FilePath { repository.path / ".git" }

  /// `git rebase --no-fork-point ONTO TIP`, without some of its commits.
  func rebase(_ tip: ObjectID, onto: ObjectID, without dropped: [ObjectID] = []) throws -> GitOutcome {
    let outcome = try attempt(tip, onto: onto, without: dropped)
    guard case .failure = outcome else { return outcome }
    // What an earlier history has left lying about may be in the way.
    try clear()
    defer { try? clear() }
    return try attempt(tip, onto: onto, without: dropped)
  }

  private func attempt(_ tip: ObjectID, onto: ObjectID, without dropped: [ObjectID]) throws -> GitOutcome {
    var arguments: [Argument] = ["rebase", "--no-fork-point", "--quiet", "\(onto)", "\(tip)"]
    var environment: [String: String] = [:]
    if !dropped.isEmpty {
      arguments = ["-c", "core.abbrev=40", "rebase", "-i", "--empty=drop"] + arguments.dropFirst()
      let ids = dropped.map { "\($0)" }.joined(separator: "|")
      environment["GIT_SEQUENCE_EDITOR"] = "sed -i -E 's/^pick (\(ids))/drop \\1/'"
    }
    let result = try repository.attempt("git", arguments, environment: environment)
    if result.status > 128 { return .failure(result.standardError) }
    guard (gitDirectory / "rebase-merge").exists else {
      guard result.status == 0, let head = try id(in: "HEAD") else { return .failure(result.standardError) }
      return .clean(head)
    }
    let stopped = try id(in: "REBASE_HEAD")
    let entries = try repository.output(["ls-files", "--unmerged", "-z"]).split(separator: 0)
    // A file that git sets aside, since a directory has its name, is `path~SIDE`.
    let files = entries.map { entry in
      Array(entry.drop { $0 != UInt8(ascii: "\t") }.dropFirst().prefix { $0 != UInt8(ascii: "~") })
    }
    try clear()
    // Some conflicts over directories leave no path unmerged.
    if files.isEmpty, !result.standardError.contains("hint: Resolve all conflicts") {
      return .failure(result.standardError)
    }
    return .conflict(stopped, Set(files))
  }

  private func id(in file: String) throws -> ObjectID? {
    guard let bytes = try (gitDirectory / file).contentsIfPresent() else { return nil }
    return ObjectID(hex: bytes.prefix { $0 != UInt8(ascii: "\n") })
  }

  private func clear() throws {
    for name in ["rebase-merge", "REBASE_HEAD", "CHERRY_PICK_HEAD", "AUTO_MERGE", "MERGE_MSG", "index.lock"] {
      try (gitDirectory / name).removeRecursively()
    }
    try repository.git(["reset", "--quiet", "--hard"])
    try repository.git(["clean", "-ffdxq"])
  }
}

extension TestRepository {
  /// What git prints, byte for byte.
  fileprivate func output(_ arguments: [Argument]) throws -> [UInt8] {
    try ChildProcess.run(ProcessRequest("git", arguments, environment: environment, directory: path)).output
  }
}
