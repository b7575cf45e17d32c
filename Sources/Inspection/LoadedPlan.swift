import Git
import Plan
import Platform

/// A plan, and where it was found. What is asked of it is looked up in its compiled form, where that lies.
public final class LoadedPlan {
  public enum Origin: Hashable, Sendable {
    /// Trunk's tip has it: it holds in every worktree.
    case trunk
    /// Trunk has none; this worktree's own copy counts here only.
    case worktree
  }

  public let origin: Origin
  /// Of `preflight.toml`.
  public let blob: ObjectID
  private let bytes: PlanBytes
  private let compiled: CompiledPlan
  private var pathsLookedUp = 0

  /// All of it.
  public private(set) lazy var plan = compiled.plan() ?? Plan()
  /// Project, policies and the worktrees' directory; streams, shared files and checks are left out.
  public private(set) lazy var policies = compiled.policies
  public private(set) lazy var rules = compiled.rules
  public private(set) lazy var checks = compiled.checks
  /// For many paths: every pattern is made ready once.
  private(set) lazy var owners = PathOwners(plan)

  /// `nil` for anything but the compiled form of this blob.
  init?(_ bytes: PlanBytes, origin: Origin, blob: ObjectID) {
    guard let compiled = CompiledPlan(bytes.buffer, sourceID: blob.bytes) else { return nil }
    self.origin = origin
    self.blob = blob
    self.bytes = bytes
    self.compiled = compiled
  }

  /// - Parameter branch: without `refs/heads/`.
  func stream(onBranch branch: [UInt8]) -> Plan.Stream? { compiled.stream(onBranch: branch) }

  func stream(where isWanted: (_ directory: [UInt8]) -> Bool) -> Plan.Stream? { compiled.stream(where: isWanted) }

  func sharedFiles(for path: [UInt8]) -> Plan.SharedFiles? {
    asksOften ? owners.sharedFiles(for: path) : compiled.sharedFiles(for: path)
  }

  func streams(owning path: [UInt8]) -> [Plan.Stream] {
    asksOften ? owners.streams(owning: path) : compiled.streams(owning: path)
  }

  /// A few paths are looked up in place; from then on making every pattern ready has paid.
  private var asksOften: Bool {
    pathsLookedUp += 1
    return pathsLookedUp > 64
  }
}

/// The bytes of a compiled plan: a mapped file, or what was just made where no file can be written.
final class PlanBytes {
  let buffer: UnsafeRawBufferPointer
  private let mapping: FileMapping?
  private let copy: UnsafeMutableRawBufferPointer?

  init?(_ file: FilePath) {
    guard let mapping = try? FileMapping(file) else { return nil }
    buffer = mapping.bytes
    self.mapping = consume mapping
    copy = nil
  }

  init(_ bytes: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
    copy.copyBytes(from: bytes)
    self.copy = copy
    buffer = UnsafeRawBufferPointer(copy)
    mapping = nil
  }

  deinit { copy?.deallocate() }
}
