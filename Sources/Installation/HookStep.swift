import HookIdentity
import Platform

/// What installing does to one hook file: found out for all of them before the first is touched.
struct HookStep {
  enum Action {
    case nothing
    /// Puts ours where nothing is, or an older form of ours.
    case write
    /// Keeps what is there beside, then puts ours in its place.
    case keepAndWrite
  }

  let hook: HookName
  let path: FilePath
  let action: Action

  var kept: FilePath { HookName.chained(beside: path) }

  /// - Returns: the step, or what is in its way.
  static func decide(
    _ hook: HookName, in directory: FilePath, executable: FilePath, permissions: UInt32
  ) throws(SystemError) -> Result<HookStep, Obstacle> {
    let path = directory / hook.rawValue
    let kept = HookName.chained(beside: path)
    func step(_ action: Action) -> Result<HookStep, Obstacle> {
      .success(HookStep(hook: hook, path: path, action: action))
    }
    switch try HookFile(at: path, hook: hook) {
    case .absent: return step(.write)
    case .line, .copy:
      let current = try isCurrent(path, executable: executable, permissions: permissions)
      return step(current ? .nothing : .write)
    case .unusable:
      return .failure(
        Obstacle(
          path: path, text: "'\(path)' is not a file",
          repair: "mv \(shellQuoted(path)) \(shellQuoted("\(path).old"))"))
    case .foreign:
      guard try kept.status() != nil else { return step(.keepAndWrite) }
      // A manager that wrote its hook again: what it wrote is kept already.
      if try haveSameContents(path, kept) { return step(.write) }
      return .failure(
        Obstacle(
          path: path,
          text: "'\(path)' is somebody else's hook, and '\(kept.lastComponent)' beside it keeps an earlier one",
          repair: "mv \(shellQuoted(path)) \(shellQuoted(kept))"))
    }
  }

  /// Whether a hook is of the form, and starts or is the executable, that installing would leave.
  static func isCurrent(
    _ path: FilePath, executable: FilePath, permissions: UInt32?
  ) throws(SystemError) -> Bool {
    guard let status = try path.status() else { return false }
    if let permissions, status.permissions != permissions { return false }
    switch HookForm(of: executable) {
    case .line(let line): return try path.contents() == line
    case .copy:
      let target = try executable.targetStatus()
      if target?.inode == status.inode, target?.device == status.device { return true }
      guard target?.size == status.size else { return false }
      return try path.contents() == executable.contents()
    }
  }

  private static func haveSameContents(_ one: FilePath, _ other: FilePath) throws(SystemError) -> Bool {
    guard let left = try one.status(), let right = try other.status() else { return false }
    if left.isSymbolicLink || right.isSymbolicLink { return one.linkTarget() == other.linkTarget() }
    guard left.mode == right.mode else { return false }
    return try one.contents() == other.contents()
  }

  /// Readers of the directory see the old hook or the new one, never none.
  func perform(executable: FilePath, permissions: UInt32) throws(SystemError) {
    if case .nothing = action { return }
    if case .keepAndWrite = action { try keep() }
    switch HookForm(of: executable) {
    case .line(let line): try path.write(line, permissions: permissions)
    case .copy: try copy(executable, permissions: permissions)
    }
  }

  private func keep() throws(SystemError) {
    if try path.status()?.isSymbolicLink == false, (try? kept.createHardLink(to: path)) != nil { return }
    try path.rename(to: kept)
  }

  /// A hard link shares its mode with the executable, so it serves only where the two are to be the same.
  private func copy(_ executable: FilePath, permissions: UInt32) throws(SystemError) {
    if try executable.targetStatus()?.permissions == permissions {
      let temporary = FilePath(path.bytes + Array(".\(CurrentProcess.id).new".utf8))
      if (try? temporary.createHardLink(to: executable)) != nil { return try temporary.rename(to: path) }
    }
    try path.write(executable.contents(), permissions: permissions)
  }
}
