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

  public func target(of name: String) -> Answer {
    if (commonDirectory / "reftable").exists { return .unknown }
    var name = name
    for _ in 0..<5 {  // as deep as git follows symbolic refs
      let bytes: [UInt8]?
      do { bytes = try (commonDirectory / name).contentsIfPresent() } catch { return .unknown }
      guard let bytes else { return packed(name) }
      let line = firstLine(bytes)
      guard line.starts(with: "ref: ".utf8) else { return ObjectID(hex: line).map { .found($0) } ?? .unknown }
      name = String(decoding: line.dropFirst("ref: ".utf8.count), as: UTF8.self)
      guard name.hasPrefix("refs/") else { return .unknown }
    }
    return .unknown
  }

  private func packed(_ name: String) -> Answer {
    let bytes: [UInt8]?
    do { bytes = try (commonDirectory / "packed-refs").contentsIfPresent() } catch { return .unknown }
    guard let bytes else { return .absent }
    let wanted = Array(name.utf8)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let space = line.firstIndex(of: UInt8(ascii: " ")), line[(space + 1)...].elementsEqual(wanted) else {
        continue
      }
      return ObjectID(hex: line[..<space]).map { .found($0) } ?? .unknown
    }
    return .absent
  }
}
