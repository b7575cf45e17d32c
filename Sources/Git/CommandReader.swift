import Platform

/// Reads through the user's git, for repositories that libgit2 cannot open: slower, and always right.
final class CommandReader: ObjectReader {
  private let git: GitCommand

  init(_ layout: RepositoryLayout) {
    git = GitCommand(in: layout.workTree ?? layout.gitDirectory)
  }

  func object(_ id: ObjectID) throws(GitError) -> (type: ObjectType, contents: [UInt8])? {
    let output = try git.output(["cat-file", "--batch"], input: Array("\(id)\n".utf8))
    guard let end = output.firstIndex(of: UInt8(ascii: "\n")) else { throw GitError(.malformed("object \(id)")) }
    let fields = output[..<end].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    if fields.last == "missing" { return nil }
    guard fields.count == 3, let type = ObjectType(rawValue: fields[1]), let size = Int(fields[2]),
      output.count >= end + 1 + size
    else { throw GitError(.malformed("object \(id)")) }
    return (type, Array(output[(end + 1)..<(end + 1 + size)]))
  }

  func hasObject(_ id: ObjectID) throws(GitError) -> Bool {
    try git.run(["cat-file", "-e", "\(id)"]).succeeded
  }

  func target(of reference: String) throws(GitError) -> ObjectID? {
    let line = try git.lineIfAny(["rev-parse", "--verify", "--quiet", "--end-of-options", Argument(reference)])
    return line.flatMap { ObjectID(hex: $0) }
  }

  func references(below prefix: String) throws(GitError) -> [Reference] {
    let output = try git.output(["for-each-ref", "--format=%(objectname) %(refname)", Argument(prefix)])
    return output.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let space = line.firstIndex(of: UInt8(ascii: " ")), let id = ObjectID(hex: line[..<space]) else {
        return nil
      }
      return Reference(name: String(decoding: line[(space + 1)...], as: UTF8.self), target: id)
    }
  }

  var walksHistory: Bool { false }  // each object would be a process

  func walkIsKept(_ isKept: Bool) {}

  func commitIDs(reachableFrom tip: ObjectID, excluding excluded: ObjectID) throws(GitError) -> [ObjectID]? { nil }

  func mergeBases(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> [ObjectID]? { nil }

  func name(of contents: [UInt8], as type: ObjectType) throws(GitError) -> ObjectID {
    try hash(contents, as: type, options: [])
  }

  func write(_ contents: [UInt8], as type: ObjectType) throws(GitError) {
    _ = try hash(contents, as: type, options: ["-w"])
  }

  private func hash(_ contents: [UInt8], as type: ObjectType, options: [Argument]) throws(GitError) -> ObjectID {
    let output = try git.output(["hash-object", "-t", Argument(type.rawValue), "--stdin"] + options, input: contents)
    guard let id = ObjectID(hex: firstLine(output)) else { throw GitError(.malformed("the name of a \(type)")) }
    return id
  }
}
