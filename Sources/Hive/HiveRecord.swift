import Git

/// One thing that somebody has said, as it is kept: headers, an empty line, the words, like git's own objects.
///
/// ```text
/// time 1768747200
/// by Ann <ann@example.com>
/// at builder:/home/ann/worktrees/live-svc-database
/// branch feature/live-services-database
/// commit 9ed63758c9e5f4f1e0b3f6d9c2f7b1a4d8e6c3f2
/// state blocked
/// on SMI-1446
///
/// the schema is not settled
/// ```
///
/// A header that this version does not know is kept.
public struct HiveRecord: Hashable, Sendable {
  public struct Header: Hashable, Sendable {
    public var name: String
    public var value: [UInt8]
  }

  public private(set) var headers: [Header] = []
  public var text: [UInt8] = []

  public init(_ origin: Origin, text: [UInt8] = []) {
    self.text = text
    self["time"] = Array("\(origin.time)".utf8)
    self["by"] = origin.person
    self["at"] = origin.place
    self["branch"] = origin.branch.map { Array($0.utf8) }
    self["commit"] = origin.commit.map { Array($0.description.utf8) }
  }

  public subscript(name: String) -> [UInt8]? {
    get { headers.first { $0.name == name }?.value }
    set {
      headers.removeAll { $0.name == name }
      // A line feed would end the header.
      if let newValue {
        headers.append(Header(name: name, value: newValue.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }))
      }
    }
  }

  /// A sentence as somebody typed it, kept as a line.
  init(_ origin: Origin, sentence: [UInt8]) {
    self.init(origin, text: sentence.isEmpty ? [] : sentence + [UInt8(ascii: "\n")])
  }

  var sentence: [UInt8] { text.last == UInt8(ascii: "\n") ? text.dropLast() : text }

  func word(_ name: String) -> String? { self[name].map { String(decoding: $0, as: UTF8.self) } }
  func number(_ name: String) -> Int64? { word(name).flatMap { Int64($0) } }

  /// Who said it, when and where.
  public var origin: Origin {
    Origin(
      person: self["by"] ?? [], time: number("time") ?? 0, place: self["at"] ?? [], branch: word("branch"),
      commit: self["commit"].flatMap { ObjectID(hex: $0) })
  }
}

extension HiveRecord {
  /// Where a record comes from.
  public struct Origin: Hashable, Sendable {
    /// `Name <mail>`.
    public var person: [UInt8]
    /// Seconds since 1970, by the clock of the machine it was said on.
    public var time: Int64
    /// `host:/directory` of the worktree.
    public var place: [UInt8]
    /// What was checked out there, without `refs/heads/`; `nil` for a detached `HEAD`.
    public var branch: String?
    public var commit: ObjectID?

    public init(person: [UInt8], time: Int64, place: [UInt8], branch: String? = nil, commit: ObjectID? = nil) {
      self.person = person
      self.time = time
      self.place = place
      self.branch = branch
      self.commit = commit
    }
  }

  public var contents: [UInt8] {
    var bytes: [UInt8] = []
    for header in headers {
      bytes += Array("\(header.name) ".utf8)
      bytes += header.value
      bytes.append(UInt8(ascii: "\n"))
    }
    bytes.append(UInt8(ascii: "\n"))
    return bytes + text
  }

  /// `nil` for what is no record: no empty line, or a line above it that is no header.
  public init?(contents: [UInt8]) {
    var rest = contents[...]
    while true {
      guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      if line.isEmpty { break }
      guard let space = line.firstIndex(of: UInt8(ascii: " ")), space > line.startIndex else { return nil }
      headers.append(
        Header(name: String(decoding: line[..<space], as: UTF8.self), value: Array(line[(space + 1)...])))
    }
    text = Array(rest)
  }
}
