import Git
import Inspection
import Plan
import Platform
import Rules
import Sync

/// The commit that a stream becomes on trunk where the merge is made here.
struct LandingCommit {
  let repository: Repository
  let stream: Plan.Stream
  let trunk: ObjectID
  let tip: ObjectID
  let environment: Environment

  enum Outcome {
    case made(ObjectID)
    case conflict([[UInt8]])
    /// Its commits do not stand on trunk, so that they cannot become trunk's as they are.
    case notOnTrunk
  }

  /// The tree that trunk will have, before anything is made of it.
  enum LandingTree {
    case clean(ObjectID)
    case conflict([[UInt8]])
  }

  func tree() throws -> LandingTree {
    if try repository.isAncestor(trunk, of: tip) { return .clean(try repository.commit(tip).tree) }
    let result = try repository.git.run([
      "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", "\(trunk)", "\(tip)",
    ])
    let fields = result.output.split(separator: 0)
    guard result.exitStatus < 2, let tree = fields.first.flatMap({ ObjectID(hex: $0) }) else {
      throw GitCommand.failure(["merge-tree"], result)
    }
    if result.succeeded { return .clean(tree) }
    return .conflict(MergeTreePath.originals(of: fields.dropFirst().map(Array.init), sides: [trunk, tip]))
  }

  func make(_ kind: Plan.MergeKind, _ tree: ObjectID) throws -> Outcome {
    switch kind {
    case .rebase: return try repository.isAncestor(trunk, of: tip) ? .made(tip) : .notOnTrunk
    case .merge:
      return .made(
        try commit(tree, parents: [trunk, tip], message: Array("Merge branch '\(stream.branch)'\n".utf8), author: nil))
    case .squash:
      let own = try repository.commitIDs(reachableFrom: [tip], excluding: [trunk]).reversed().map {
        try repository.commit($0)
      }
      let message = SquashMessage(own.filter { !$0.isMerge }, stream: stream)
      let authors = Set(own.map { name(in: $0.author) })
      return .made(
        try commit(tree, parents: [trunk], message: message.bytes, author: authors.count == 1 ? own.last?.author : nil))
    }
  }

  private func commit(
    _ tree: ObjectID, parents: [ObjectID], message: [UInt8], author: [UInt8]?
  ) throws -> ObjectID {
    var git = repository.git
    if let author { set(author, in: &git.environment) }
    var arguments: [Argument] = ["commit-tree", "\(tree)"]
    for parent in parents { arguments += ["-p", "\(parent)"] }
    if try repository.configuration().boolean("commit.gpgsign") == true { arguments.append("-S") }
    guard let id = ObjectID(hex: try git.line(arguments + ["-F", "-"], input: message)) else {
      throw GitError(.malformed("the answer of git commit-tree"))
    }
    return id
  }

  private func name(in author: [UInt8]) -> [UInt8] {
    author.lastIndex(of: UInt8(ascii: ">")).map { Array(author[...$0]) } ?? author
  }

  /// `Name <mail> seconds zone`
  private func set(_ author: [UInt8], in environment: inout Environment) {
    guard let open = author.firstIndex(of: UInt8(ascii: "<")), let close = author.lastIndex(of: UInt8(ascii: ">")),
      open < close
    else { return }
    environment[bytes: "GIT_AUTHOR_NAME"] = Array(author[..<open].dropLast(while: { $0 == UInt8(ascii: " ") }))
    environment[bytes: "GIT_AUTHOR_EMAIL"] = Array(author[(open + 1)..<close])
    let date = author[(close + 1)...].drop { $0 == UInt8(ascii: " ") }
    environment[bytes: "GIT_AUTHOR_DATE"] = [UInt8(ascii: "@")] + date
  }
}

extension ArraySlice<UInt8> {
  fileprivate func dropLast(while predicate: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var result = self
    while let last = result.last, predicate(last) { result.removeLast() }
    return result
  }
}

/// What the one commit says that stands for a stream's own: theirs where there is one, else the weightiest of their types,
/// the stream's name, their subjects, and the issues that they are the work on.
struct SquashMessage {
  let bytes: [UInt8]

  /// - Parameter commits: oldest first.
  init(_ commits: [Commit], stream: Plan.Stream) {
    if commits.count == 1 {
      bytes = commits[0].message
      return
    }
    let messages = commits.map { CommitMessage($0) }
    let types = ["feat", "fix", "perf", "refactor", "build", "ci", "test", "docs", "style", "chore"]
    let type = types.first { type in messages.contains { $0.type == type } } ?? "feat"
    let name = stream.name.isEmpty ? stream.id : stream.name
    var text = Array("\(type): \(name.prefix(1).lowercased())\(name.dropFirst())\n\n".utf8)
    for commit in commits { text += Array("- ".utf8) + commit.subject + [UInt8(ascii: "\n")] }
    let issues = stream.issues.map(\.id).filter { id in messages.contains { $0.claims(issue: id) } }
    if !issues.isEmpty { text += Array("\nRefs: \(issues.joined(separator: ", "))\n".utf8) }
    bytes = text
  }
}
