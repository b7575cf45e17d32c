import Git
import HookIdentity
import HookSupport
import Inspection
import Plan
import Platform
import Rules
import StateFiles

/// A hook that was started otherwise than git starts it.
public struct HookUsage: Error, CustomStringConvertible {
  public let description: String

  public init(_ usage: String) { description = "usage: \(usage)" }
}

extension HookInvocation {
  /// The refs of a push, as git wrote them; a line that is none is an error, never passed over.
  public func pushedReferences() throws -> [PushedReference] {
    try input.split(separator: UInt8(ascii: "\n")).map { line in
      guard let reference = PushedReference(line: Array(line)) else {
        throw HookUsage(
          "pre-push reads lines of 'local-ref id remote-ref id', not '\(String(decoding: line, as: UTF8.self))'")
      }
      return reference
    }
  }
}

extension HookName {
  /// When the plan's checks are run here; `nil` where none are.
  public var occasion: Plan.Check.Occasion? { Plan.Check.Occasion(rawValue: rawValue) }
}

extension [PushedReference] {
  /// Whether anything but deletions is pushed.
  public var bringCommits: Bool { contains { $0.localID != nil } }
}

extension HookDesk {
  /// Has `preflight` run what the plan demands at this hook; only asked when the rules have passed.
  public func runChecks() throws -> HookVerdict {
    guard let occasion = invocation.hook.occasion,
      situation.checks.contains(where: { $0.occasions.contains(occasion) }), !invocation.isRehearsal
    else { return .passed }
    return try ProgramStart(invocation).run(["hook-checks", Argument(invocation.hook.rawValue)]) == 0
      ? .passed : .refused
  }

  /// Marks the branches of a push: bypasses before it have been judged again.
  public func recordPush(of references: [PushedReference]) {
    for reference in references where reference.remoteName.hasPrefix("refs/heads/") {
      bypasses.recordPush(of: reference.remoteName.shortBranchName)
    }
  }

  /// Keeps the name of the branch that the commit is about to be made on, for post-commit to compare.
  public func rememberHead() {
    if invocation.isRehearsal { return }
    if let branch = situation.branch { HeadMemory(layout).keep(branch) }
  }

  // MARK: What was said already

  /// The overlaps that were not said yet in this worktree; they count as said from now on.
  public func notYetSaid(_ overlaps: [(finding: Finding, identity: String)]) throws -> [Finding] {
    if overlaps.isEmpty || invocation.isRehearsal { return [] }
    let file = layout.worktreeStateDirectory / "said"
    let known = try file.contentsIfPresent() ?? []
    let lines = Set(known.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
    let new = overlaps.filter { !lines.contains(Self.line($0.identity)) }
    try? file.parent.createDirectories()
    for overlap in new { try? file.append(Array((Self.line(overlap.identity) + "\n").utf8)) }
    return new.map(\.finding)
  }

  private static func line(_ identity: String) -> String {
    String(String.UnicodeScalarView(identity.unicodeScalars.map { $0 == "\n" ? " " : $0 }))
  }
}
