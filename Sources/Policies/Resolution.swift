import Git
import Merging
import Plan
import Platform

/// A path that a merge has left to a person: its entries in the index, as far as each side has it.
public struct UnmergedFile: Hashable, Sendable {
  /// Within the repository.
  public var path: [UInt8]
  public var base: TreeEntry?
  public var ours: TreeEntry?
  public var theirs: TreeEntry?
}

extension Repository {
  /// In the order of their paths; see "--stage" and "--unmerged" in git-ls-files(1).
  public func unmergedFiles() throws(GitError) -> [UnmergedFile] {
    var files: [UnmergedFile] = []
    for line in try git.output(["ls-files", "--unmerged", "--full-name", "-z"]).split(separator: 0) {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { continue }
      let fields = line[..<tab].split(separator: UInt8(ascii: " "))
      guard fields.count == 3, let mode = UInt32(String(decoding: fields[0], as: UTF8.self), radix: 8),
        let id = ObjectID(hex: fields[1])
      else { throw GitError(.malformed("the list of unmerged paths")) }
      let path = Array(line[(tab + 1)...])
      if files.last?.path != path { files.append(UnmergedFile(path: path)) }
      let entry = TreeEntry(mode: mode, id: id)
      switch fields[2].first {
      case UInt8(ascii: "1"): files[files.count - 1].base = entry
      case UInt8(ascii: "2"): files[files.count - 1].ours = entry
      default: files[files.count - 1].theirs = entry
      }
    }
    return files
  }
}

/// Resolves what a merge has left in one worktree, where the plan's policies can.
public struct Resolution {
  public enum Outcome: Hashable, Sendable {
    /// Written and staged.
    case resolved(Plan.SharedFiles.MergePolicy)
    case left(Reason)
  }

  public enum Reason: Hashable, Sendable {
    /// The plan has it merge as text, or does not name it.
    case noPolicy
    /// git would not hand it to our driver.
    case foreignDriver
    case deletedByOurs
    case deletedByTheirs
    /// A link or a submodule, or a file on one side only.
    case noFile
    /// Somebody has begun to resolve it.
    case edited
    case conflict(Plan.SharedFiles.MergePolicy)
    /// The policy leaves the file to lines.
    case refused(MergeRefusal)
  }

  private let repository: Repository
  private let owners: PathOwners
  private let drivers: DriverAttributes
  private let contentsOnTrunk: ([UInt8]) throws(GitError) -> [UInt8]?

  /// - Parameter contentsOnTrunk: of a path; `nil` where trunk has no such file.
  public init(
    _ repository: Repository, plan: Plan, contentsOnTrunk: @escaping ([UInt8]) throws(GitError) -> [UInt8]?
  ) {
    self.repository = repository
    owners = PathOwners(plan)
    drivers = DriverAttributes(repository.layout, git: repository.git)
    self.contentsOnTrunk = contentsOnTrunk
  }

  /// Changes nothing but this path, and that only where the file is as the merge has left it.
  public func resolve(_ file: UnmergedFile) throws(GitError) -> Outcome {
    guard let workTree = repository.layout.workTree, let shared = owners.sharedFiles(for: file.path),
      shared.merge.hasDriver
    else { return .left(.noPolicy) }
    guard try drivers.isOurs(file.path) else { return .left(.foreignDriver) }
    guard let ours = file.ours else { return .left(.deletedByOurs) }
    guard let theirs = file.theirs else { return .left(.deletedByTheirs) }
    guard let mode = Self.mode(file.base, ours, theirs) else { return .left(.noFile) }

    let contents: Contents = (
      try file.base.map { entry throws(GitError) in try repository.blob(entry.id) } ?? [],
      try repository.blob(ours.id), try repository.blob(theirs.id)
    )
    let merge = SharedFileMerge(shared, git: repository.git)
    let outcome = try merge.merge(
      base: contents.base, ours: contents.ours, theirs: contents.theirs, path: file.path,
      trunk: { () throws(GitError) in try contentsOnTrunk(file.path) })
    guard let merged = outcome.content.merged else {
      return .left(outcome.refusal.map { .refused($0) } ?? .conflict(shared.merge))
    }
    let place = workTree.appending(file.path)
    let present = try? place.contents()
    // `git checkout --merge` has our driver merge, and stages nothing.
    guard let present, try isUntouched(present, file.path, contents, or: merged) else { return .left(.edited) }
    guard try write(merged, mode: mode, path: file.path, at: place, replacing: present) else { return .left(.edited) }
    if outcome.policy == .regenerate { try noteOutdated(file.path, taken: merged) }
    return .resolved(shared.merge)
  }

  private typealias Contents = (base: [UInt8], ours: [UInt8], theirs: [UInt8])

  /// The merged mode of regular files; `nil` where they are none, or both sides have changed it.
  private static func mode(_ base: TreeEntry?, _ ours: TreeEntry, _ theirs: TreeEntry) -> UInt32? {
    guard [base ?? ours, ours, theirs].allSatisfy(\.isFile) else { return nil }
    if ours.mode == theirs.mode { return ours.mode }
    return base.map { $0.mode == ours.mode ? theirs.mode : ours.mode }
  }

  // MARK: The file at hand

  /// Whether a file is what a merge leaves: the text with markers, whatever their labels, or one side as it is.
  private func isUntouched(
    _ present: [UInt8], _ path: [UInt8], _ contents: Contents, or merged: [UInt8]
  ) throws(GitError) -> Bool {
    if [contents.ours, contents.theirs, merged].contains(present) { return true }
    var style = ConflictStyle.standard
    style.baseLabel = Array("base".utf8)
    style.markerLength = try drivers.markerLength(of: path)
    let seen = Self.withoutLabels(present, markers: style.markerLength)
    for shows in ["merge", "diff3", "zdiff3"] {
      let lines = LineMerge(git: repository.git, conflictStyle: shows)
      let left: LineMerge.Outcome
      do {
        left = try lines.merge(base: contents.base, ours: contents.ours, theirs: contents.theirs, style: style)
      } catch { continue }  // a git that does not know the style
      if case .conflict(let text) = left, Self.withoutLabels(text, markers: style.markerLength) == seen { return true }
    }
    return false
  }

  /// Lines as they are, but for what stands behind the signs of a marker.
  private static func withoutLabels(_ text: [UInt8], markers length: Int) -> [[UInt8]] {
    text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      var line = Array(line)
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      guard let sign = line.first, [UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|")].contains(sign) else {
        return line
      }
      let signs = line.prefix { $0 == sign }
      let isMarker = signs.count >= length && (signs.count == line.count || line[signs.count] == 0x20)
      return isMarker ? Array(signs) : line
    }
  }

  /// As git would check it out, then into the index: where we die in between, `git add` is left to do. `false`: somebody has
  /// just written the file.
  private func write(
    _ merged: [UInt8], mode: UInt32, path: [UInt8], at place: FilePath, replacing present: [UInt8]
  ) throws(GitError) -> Bool {
    let git = repository.git
    let id = try git.line(["hash-object", "-w", "--stdin"], input: merged)
    let smudged = try git.output(["cat-file", "--filters", Argument("--path=".utf8 + path), Argument(id)])
    do throws(SystemError) {
      guard try place.contents() == present else { return false }
      try place.write(smudged, permissions: mode == 0o100755 ? 0o755 : try place.status()?.permissions ?? 0o644)
    } catch { throw GitError(.system(error)) }
    let entry = Array("\(String(mode, radix: 8)) \(id) 0\t".utf8) + path + [0]
    try git.output(["update-index", "-z", "--index-info"], input: entry)
    return true
  }

  private func noteOutdated(_ path: [UInt8], taken: [UInt8]) throws(GitError) {
    let id = try repository.blobID(of: taken)
    do { try OutdatedLocks(repository.layout).add(.init(path: path, taken: id)) } catch {
      throw GitError(.system(error))
    }
  }
}
