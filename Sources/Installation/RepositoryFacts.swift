import Git
import Platform

/// What a first plan can be made of, read off a repository as it is; nothing is asked and nothing guessed at.
public struct RepositoryFacts: Hashable, Sendable {
  /// A branch that is checked out in a worktree and is not trunk.
  public struct Stream: Hashable, Sendable {
    /// From the branch's last component: lower-case letters, digits and hyphens, each id once.
    public let id: String
    /// Without `refs/heads/`.
    public let branch: String
    public let worktree: FilePath
  }

  public struct CommitType: Hashable, Sendable {
    public let name: String
    /// How many of the commits looked at are of it.
    public let count: Int
  }

  /// The name of the directory that holds the repository.
  public var name: String
  /// Without `refs/heads/`.
  public var trunk: String?
  public var remote: String?
  /// Files that do little but export from others.
  public var barrels: [[UInt8]] = []
  public var changelogs: [[UInt8]] = []
  /// Paths, or a pattern where a directory's subdirectories have one each (`packages/*/package.json`).
  public var manifests: [[UInt8]] = []
  public var lockFiles: [[UInt8]] = []
  /// Types that conventional commits used three times or more, the most used first.
  public var types: [CommitType] = []
  public var streams: [Stream] = []

  /// - Parameters:
  ///   - paths: every file of trunk, from its top.
  ///   - contents: the bytes of one of them; asked for few.
  ///   - subjects: those of the newest commits.
  public init<Failure>(
    name: String, trunk: TrunkNames?, paths: [[UInt8]], worktrees: [Worktree], subjects: [[UInt8]],
    contents: ([UInt8]) throws(Failure) -> [UInt8]
  ) throws(Failure) {
    self.name = name
    self.trunk = trunk?.branch.shortBranchName
    remote = trunk?.remote
    let own = paths.filter { !Self.isVendored($0) }
    for path in own {
      guard let language = BarrelLanguage(path: path) else { continue }
      if language.isBarrel(try contents(path)) { barrels.append(path) }
    }
    changelogs = own.filter(Self.isChangelog)
    manifests = Self.grouped(own.filter { manifestNames.contains(baseName($0)) })
    lockFiles = own.filter { lockFileNames.contains(baseName($0)) }
    types = Self.types(of: subjects)
    streams = Self.streams(of: worktrees, trunk: trunk)
  }
}

extension RepositoryFacts {
  /// Those of trunk as it is now, or of `HEAD` where no branch looks like trunk.
  public init(of repository: Repository) throws(GitError) {
    let names = try repository.trunkNames()
    var tip = try repository.headCommit()
    if let names, let trunk = try repository.trunk(names) { tip = trunk.tip }
    var entries: [[UInt8]: ObjectID] = [:]
    var subjects: [[UInt8]] = []
    if let tip {
      for file in try repository.files(in: try repository.commit(tip).tree) {
        if let entry = file.new, entry.isFile { entries[file.path] = entry.id }
      }
      for id in try repository.commitIDs(reachableFrom: [tip], excluding: [], limit: 2000) {
        subjects.append(try repository.commit(id).subject)
      }
    }
    let common = repository.layout.commonDirectory
    let home = common.lastComponent == ".git" ? common.parent : common
    try self.init(
      name: home.lastComponent.description, trunk: names,
      paths: entries.keys.sorted { $0.lexicographicallyPrecedes($1) }, worktrees: repository.layout.worktrees(),
      subjects: subjects
    ) { path throws(GitError) in
      guard let id = entries[path] else { return [] }
      return try repository.blob(id)
    }
  }
}

extension RepositoryFacts {
  /// Copies of other people's code, and what tests feed on.
  private static func isVendored(_ path: [UInt8]) -> Bool {
    path.split(separator: UInt8(ascii: "/")).dropLast().contains { vendorDirectories.contains(Array($0)) }
  }

  /// `CHANGELOG`, `CHANGES`, `HISTORY` or `NEWS` in any case, with or without an extension of text.
  private static func isChangelog(_ path: [UInt8]) -> Bool {
    let parts = baseName(path).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let name = String(decoding: parts[0], as: UTF8.self).lowercased()
    guard ["changelog", "changes", "history", "news"].contains(name) else { return false }
    let suffix = parts.dropFirst().map { String(decoding: $0, as: UTF8.self).lowercased() }
    return [[], ["md"], ["rst"], ["txt"], ["adoc"], ["markdown"]].contains(suffix)
  }

  /// One pattern for the files of one name in several subdirectories of a directory.
  private static func grouped(_ paths: [[UInt8]]) -> [[UInt8]] {
    func group(_ path: [UInt8]) -> FilePath {
      let file = FilePath(path)
      let above = file.parent.parent
      return file.parent == "." || above == "." ? file : above / "*" / file.lastComponent.description
    }
    let sizes = Dictionary(grouping: paths, by: group).mapValues(\.count)
    let named = paths.map { path in (sizes[group(path)] ?? 0) > 1 ? group(path).bytes : path }
    return named.uniqued(by: \.self)
  }

  /// `type(scope)!: …` as conventional-commits has it, the type in any case.
  private static func types(of subjects: [[UInt8]]) -> [CommitType] {
    var counts: [String: Int] = [:]
    for subject in subjects {
      let word = subject.prefix { isLetter($0) || $0 == UInt8(ascii: "-") }
      var rest = subject.dropFirst(word.count)
      if rest.first == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")) {
        rest = rest[(end + 1)...]
      }
      if rest.first == UInt8(ascii: "!") { rest = rest.dropFirst() }
      guard !word.isEmpty, rest.first == UInt8(ascii: ":") else { continue }
      counts[String(decoding: word, as: UTF8.self).lowercased(), default: 0] += 1
    }
    return counts.filter { $0.value >= 3 }.map { CommitType(name: $0.key, count: $0.value) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.name < $1.name }
  }

  private static func streams(of worktrees: [Worktree], trunk: TrunkNames?) -> [Stream] {
    var taken: Set<String> = []
    return worktrees.compactMap { worktree in
      guard !worktree.isMissing, let branch = worktree.branch, branch != trunk?.branch else { return nil }
      if trunk == nil, worktree.isMain { return nil }  // trunk will be made here
      let name = branch.shortBranchName
      let last = FilePath(name).lastComponent.bytes
      let wanted = identifier(last)
      var id = wanted
      var number = 2
      while !taken.insert(id).inserted {
        id = "\(wanted)-\(number)"
        number += 1
      }
      return Stream(id: id, branch: name, worktree: worktree.path)
    }
  }

  private static func identifier(_ name: [UInt8]) -> String {
    let lower = String(decoding: name, as: UTF8.self).lowercased().utf8
    let mapped = lower.map { isLetter($0) || isDigit($0) ? $0 : UInt8(ascii: "-") }
    let words = mapped.split(separator: UInt8(ascii: "-"))
    return words.isEmpty
      ? "stream" : String(decoding: Array(words.joined(separator: [UInt8(ascii: "-")])), as: UTF8.self)
  }
}

private func isLetter(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

func baseName(_ path: [UInt8]) -> [UInt8] { FilePath(path).lastComponent.bytes }

private let vendorDirectories = Set(
  ["node_modules", "vendor", "third_party", "dist", "fixtures", "__fixtures__", "testdata"].map { Array($0.utf8) })

private let manifestNames = Set(
  ["package.json", "Cargo.toml", "pyproject.toml", "composer.json"].map { Array($0.utf8) })

private let lockFileNames = Set(
  [
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "Cargo.lock",
    "poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "Gemfile.lock", "composer.lock", "go.sum",
    "Package.resolved", "flake.lock", "mix.lock", "pubspec.lock",
  ].map { Array($0.utf8) })
