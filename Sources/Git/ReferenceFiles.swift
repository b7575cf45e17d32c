import Platform

/// Refs read as files, loose first and packed then, which is safe against `git pack-refs`; see gitrepository-layout(5).
///
/// For the one question that every hook asks, "has trunk moved?", opening the repository would cost more than the answer.
public struct ReferenceFiles {
  public enum Answer: Hashable, Sendable {
    case found(ObjectID)
    case absent
    /// Not in a form that is read here (reftable, damage): git must be asked.
    case unknown
  }

  private let commonDirectory: FilePath

  public init(commonDirectory: FilePath) { self.commonDirectory = commonDirectory }

  /// - Parameter name: in full, of a ref that all worktrees share; any other is unknown here.
  public func target(of name: String) -> Answer {
    guard Self.isShared(name) else { return .unknown }
    var name = name
    for _ in 0..<5 {  // as deep as git follows symbolic refs
      let bytes: [UInt8]?
      do { bytes = try (commonDirectory / name).contentsIfPresent() } catch { return .unknown }
      guard let bytes else { return packed(name) }
      let line = firstLine(bytes)
      guard line.starts(with: "ref: ".utf8) else { return ObjectID(hex: line).map { .found($0) } ?? .unknown }
      name = String(decoding: line.dropFirst("ref: ".utf8.count), as: UTF8.self)
      guard Self.isShared(name) else { return .unknown }
    }
    return .unknown
  }

  /// See REFS in git-worktree(1). `..` would lead elsewhere, and is in no name of a ref.
  private static func isShared(_ name: String) -> Bool {
    let isOfAll = name.hasPrefix("refs/heads/") || name.hasPrefix("refs/remotes/") || name.hasPrefix("refs/tags/")
    return isOfAll && !Array(name.utf8).mentions("..")
  }

  private func packed(_ name: String) -> Answer {
    let file = commonDirectory / "packed-refs"
    if let mapping = try? FileMapping(file) {
      if let answer = mapping.withBytes({ Self.find(Array(name.utf8), in: $0) }) { return answer }
    } else if file.exists {
      return .unknown
    }
    // There no ref has a file of its own.
    return (commonDirectory / "reftable").exists ? .unknown : .absent
  }

  /// In lines of `id SP name`; `nil` where there is none of that name.
  private static func find(_ name: [UInt8], in bytes: UnsafeRawBufferPointer) -> Answer? {
    let line = [UInt8(ascii: " ")] + name + [UInt8(ascii: "\n")]
    guard let space = line.withUnsafeBytes({ firstOccurrence(of: $0, in: bytes) }) else { return nil }
    let start = bytes[..<space].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return ObjectID(digits: UnsafeRawBufferPointer(rebasing: bytes[start..<space])).map { .found($0) } ?? .unknown
  }
}
