import Platform

/// A bare repository in a temporary directory that borrows another one's objects, attributes and merge drivers.
///
/// git predicts merges in it, so that no object and no ref is ever written to the user's repository by a prediction.
public final class ScratchRepository {
  /// A file in one of the three trees of a merge.
  public struct File: Sendable {
    public let path: [UInt8]
    public let mode: UInt32
    public let contents: [UInt8]

    public init(path: [UInt8], mode: UInt32 = 0o100644, contents: [UInt8]) {
      self.path = path
      self.mode = mode
      self.contents = contents
    }
  }

  /// How git merges three versions.
  public enum Outcome: Hashable, Sendable {
    /// The tree's files that differ from both sides' are not read back: a prediction asks for the verdict only.
    case clean
    /// The paths in conflict, as `git merge-tree` lists them.
    case conflict(paths: [[UInt8]])
  }

  let directory: FilePath
  let git: GitCommand

  /// Names, to a merge driver that a merge here runs, the git directory of the repository that it is for.
  public static let originVariable = "PREFLIGHT_REPOSITORY"

  /// - Parameters:
  ///   - repository: whose `.gitattributes` are read from the working tree at hand, as a merge there would.
  ///   - hasOwnAttributes: whether those count instead that `placeAttributes` is given.
  ///   - attributes: makes of its `info/attributes` what is to hold here.
  public init(
    borrowingFrom repository: Repository, hasOwnAttributes: Bool = false, attributes: ([UInt8]) -> [UInt8] = { $0 }
  ) throws(GitError) {
    let common = repository.layout.commonDirectory
    let ownSettings = repository.layout.gitDirectory / "config.worktree"
    let borrowed = repository.layout.workTree
    let sha256 = try repository.emptyTree.byteCount == 32
    directory = try systemCall { () throws(SystemError) -> FilePath in
      let directory = try FilePath.temporaryDirectory(prefix: "preflight-scratch")
      try (directory / "objects/info").createDirectories()
      try (directory / "refs/heads").createDirectories()
      try (directory / "info").createDirectories()
      try (directory / "HEAD").write(Array("ref: refs/heads/none\n".utf8))
      try (directory / "objects/info/alternates").write((common / "objects").bytes + [UInt8(ascii: "\n")])
      var config = "[core]\n\trepositoryformatversion = \(sha256 ? 1 : 0)\n\tbare = false\n"
      if sha256 { config += "[extensions]\n\tobjectformat = sha256\n" }
      for file in [common / "config", ownSettings] where file.exists {
        config += "[include]\n\tpath = \"\(file.description.escapedForConfig)\"\n"
      }
      config += "[core]\n\tbare = false\n[gc]\n\tauto = 0\n[fastimport]\n\tunpackLimit = 0\n"
      try (directory / "config").write(Array(config.utf8))
      if let lines = try (common / "info/attributes").contentsIfPresent() {
        try (directory / "info/attributes").write(attributes(lines))
      }
      if hasOwnAttributes { try (directory / "tree").createDirectories() }
      return directory
    }
    let workTree = hasOwnAttributes ? directory / "tree" : borrowed
    var environment = GitCommand.scrubbed(repository.git.environment)
    environment[bytes: "GIT_DIR"] = directory.bytes
    environment[bytes: "GIT_WORK_TREE"] = (workTree ?? directory).bytes
    environment[bytes: "GIT_INDEX_FILE"] = (directory / "index").bytes
    environment[bytes: Self.originVariable] = repository.layout.gitDirectory.bytes
    git = GitCommand(inheriting: environment, in: workTree ?? directory)
  }

  /// For reading and writing objects here, and reading those of the repository.
  public func objects() throws(GitError) -> Repository {
    let layout = RepositoryLayout(gitDirectory: directory, commonDirectory: directory, workTree: nil)
    return try Repository(layout, environment: GitCommand.scrubbed(git.environment))
  }

  deinit { try? directory.removeRecursively() }

  /// git's own three-way merge of three small trees, as `git merge` would decide it.
  public func merge(base: [File], ours: [File], theirs: [File]) throws(GitError) -> Outcome {
    // Synthetic commits give the base: merge-tree takes --merge-base only since git 2.40.
    var stream: [UInt8] = []
    func add(_ text: String) { stream += Array(text.utf8) }
    for (index, files) in [base, ours, theirs].enumerated() {
      add("commit refs/scratch/\(index)\nmark :\(index + 1)\n")
      add("committer preflight <preflight@localhost> 0 +0000\ndata 0\n")
      if index > 0 { add("from :1\ndeleteall\n") }
      for file in files {
        add("M \(String(file.mode, radix: 8)) inline ")
        stream += Self.quoted(file.path) + [UInt8(ascii: "\n")]
        add("data \(file.contents.count)\n")
        stream += file.contents + [UInt8(ascii: "\n")]
      }
    }
    add("done\n")
    try git.output(["fast-import", "--quiet", "--done", "--force"], input: stream)
    let arguments: [Argument] = [
      "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", "refs/scratch/1", "refs/scratch/2",
    ]
    let result = try git.run(arguments)
    switch result.ending {
    case .exited(0): return .clean
    case .exited(1):
      return .conflict(paths: result.output.split(separator: 0).dropFirst().map(Array.init))
    default: throw GitCommand.failure(arguments, result)
    }
  }

  /// What is said of merging a path; see "Performing a three-way merge" in gitattributes(5).
  public enum MergeAttribute: Hashable, Sendable {
    /// `merge`: as text.
    case set
    /// `-merge`, or `binary`: not at all.
    case unset
    case driver(String)

    /// As a line of attributes has it.
    public var written: String {
      switch self {
      case .set: "merge"
      case .unset: "-merge"
      case .driver(let name): "merge=\(name)"
      }
    }
  }

  /// For each path; `nil` where nothing is said.
  public func mergeAttributes(of paths: [[UInt8]]) throws(GitError) -> [MergeAttribute?] {
    let output = try git.output(
      ["check-attr", "-z", "--stdin", "merge"], input: Array(paths.map { $0 + [0] }.joined()))
    // Path, attribute, value, each ended by NUL.
    let fields = output.split(separator: 0, omittingEmptySubsequences: false)
    guard fields.count == 3 * paths.count + 1 else { throw GitError(.malformed("what 'git check-attr' says")) }
    return paths.indices.map { index in
      switch String(decoding: fields[3 * index + 2], as: UTF8.self) {
      case "unspecified": nil
      case "set": .set
      case "unset": .unset
      case let name: .driver(name)
      }
    }
  }

  /// A path as git-fast-import(1) reads it: quoted, with octal escapes.
  static func quoted(_ path: [UInt8]) -> [UInt8] {
    var result = [UInt8(ascii: "\"")]
    for byte in path {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 0x20..<0x7f: result.append(byte)
      default:
        let digits = String(byte, radix: 8)
        result += Array(("\\" + String(repeating: "0", count: 3 - digits.count) + digits).utf8)
      }
    }
    return result + [UInt8(ascii: "\"")]
  }
}

extension String {
  /// Within double quotes in a configuration file; see "Syntax" in git-config(1).
  fileprivate var escapedForConfig: String {
    var result = ""
    for scalar in unicodeScalars {
      if scalar == "\\" || scalar == "\"" { result += "\\" }
      result.unicodeScalars.append(scalar)
    }
    return result
  }
}
