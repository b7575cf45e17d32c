import Git
import Plan
import Platform
import Policies

/// Has git call our merge driver for the plan's shared files, in all worktrees alike.
///
/// What a path's own attributes say of merging stays in force: such a path gets a line that says the same.
public struct DriverRegistration {
  private let repository: Repository

  public init(_ repository: Repository) { self.repository = repository }

  private var file: FilePath { DriverAttributes.file(in: repository.layout) }

  /// What stands there now; `nil` where nothing does.
  public func present() throws(InstallationError) -> DriverBlock? {
    try attemptSystem { () throws(SystemError) in try file.contentsIfPresent() }.flatMap { DriverBlock(in: $0) }
  }

  /// What has to stand there for a plan.
  public func wanted(_ plan: Plan, blob: ObjectID) throws(InstallationError) -> DriverBlock {
    var block = DriverBlock(plan, blob: blob)
    if block.lines.isEmpty { return block }
    let owners = PathOwners(plan)
    let paths = try attempt { () throws(GitError) in try trackedPaths(of: block) }
    if paths.isEmpty { return block }
    let others = try attempt { () throws(GitError) in
      try ScratchRepository(borrowingFrom: repository, attributes: DriverBlock.removed).mergeAttributes(of: paths)
    }
    for (path, attribute) in zip(paths, others) {
      let isOurs = owners.sharedFiles(for: path)?.merge.hasDriver ?? false
      if isOurs, attribute == nil || attribute == .driver(DriverBlock.driver) { continue }
      block.lines.append(DriverBlock.Line(Pattern(literal: path), attribute?.written ?? "!merge"))
    }
    return block
  }

  /// Brings the lines up to date where preflight is installed and the plan is another one than they were made from.
  public func refresh(_ plan: Plan, blob: ObjectID) throws(InstallationError) {
    guard try attempt({ () throws(GitError) in try repository.configuration().isSet(DriverCommand.key) }),
      try present()?.plan != blob
    else { return }
    try write(wanted(plan, blob: blob))
  }

  /// Returns the file where it was changed.
  @discardableResult
  public func write(_ block: DriverBlock) throws(InstallationError) -> FilePath? {
    let state = repository.layout.stateDirectory
    return try attemptSystem { () throws(SystemError) in
      guard !block.lines.isEmpty || file.exists else { return nil }
      try state.createDirectories()
      // Two hooks of ours may find the same new plan at the same time: the second has nothing left to do.
      guard let lock = try FileLock(trying: state / "attributes.lock") else { return nil }
      return try withExtendedLifetime(lock) { _ throws(SystemError) in try replace(by: block) }
    }
  }

  private func replace(by block: DriverBlock) throws(SystemError) -> FilePath? {
    let before = try file.contentsIfPresent()
    let after = block.written(into: before ?? [])
    guard after != before ?? [] else { return nil }
    if before == nil {
      var record = try InstallationRecord(in: repository.layout)
      record.noteNew(file)
      try record.write(in: repository.layout)
    }
    try file.parent.createDirectories()
    try file.write(after, permissions: try file.status()?.permissions ?? 0o644)
    return file
  }

  /// Takes out our lines alone, and the file where it is empty then and was not there before.
  func remove(_ record: InstallationRecord) throws(SystemError) -> Bool {
    guard let before = try file.contentsIfPresent() else { return false }
    let after = DriverBlock.removed(from: before)
    if after.isEmpty, record.files.contains(file) {
      try file.remove()
    } else if after != before {
      try file.write(after, permissions: try file.status()?.permissions ?? 0o644)
    } else {
      return false
    }
    return true
  }

  /// Those of trunk, or of `HEAD` where there is none, that a line takes in.
  private func trackedPaths(of block: DriverBlock) throws(GitError) -> [[UInt8]] {
    var tip = try repository.headCommit()
    if let names = try repository.trunkNames(), let trunk = try repository.trunk(names) { tip = trunk.tip }
    let literal = block.lines.compactMap(\.pattern.literalPath)
    guard let tip, literal.count < block.lines.count else { return literal }
    let patterns = block.lines.map { CompiledPattern($0.pattern) }
    let files = try repository.files(in: try repository.commit(tip).tree).map(\.path)
    return (literal + files.filter { path in patterns.contains { $0.matches(path) } }).uniqued(by: \.self)
  }
}
