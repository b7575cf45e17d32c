import Git
import Platform

/// The claims of one state in a file of its own, so that a hook reads one small file and not a tree of records; where there
/// is no such file, nobody has ever said anything.
///
/// A cache: made anew whenever the state is another one.
struct ClaimIndex {
  var claims: [Claim]

  init(claims: [Claim]) { self.claims = claims }

  static func file(_ layout: RepositoryLayout) -> FilePath { layout.stateDirectory / "claims" }

  /// `nil` where the file is missing, damaged, or about another state.
  init?(_ layout: RepositoryLayout, tip: ObjectID?) {
    guard let bytes = try? Self.file(layout).contents(), let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
      bytes[..<end].elementsEqual((tip?.description ?? "-").utf8)
    else { return nil }
    claims = []
    var rest = bytes[(end + 1)...]
    while let end = rest.firstIndex(of: 0) {
      let path = Array(rest[..<end])
      rest = rest[(end + 1)...]
      guard let size = rest.firstIndex(of: 0), let count = Int(String(decoding: rest[..<size], as: UTF8.self)),
        (0..<rest[(size + 1)...].count + 1).contains(count),
        let record = HiveRecord(contents: Array(rest[(size + 1)...].prefix(count))),
        let claim = Claim(path: path, record)
      else { return nil }
      claims.append(claim)
      rest = rest[(size + 1)...].dropFirst(count)
    }
    guard rest.isEmpty else { return nil }
  }

  func write(to layout: RepositoryLayout, tip: ObjectID?) {
    var bytes = Array((tip?.description ?? "-").utf8) + [UInt8(ascii: "\n")]
    for claim in claims {
      let record = claim.record.contents
      bytes += claim.path + [0] + Array("\(record.count)".utf8) + [0] + record
    }
    try? layout.stateDirectory.createDirectories()
    try? Self.file(layout).write(bytes)
  }
}
