import Git
import Platform

/// What git has said of pairs, kept by the names of all that its answer depends on: never stale, and no loss when it is gone.
struct PredictionMemory {
  /// The unmerged paths; `nil` for a clean merge.
  typealias Answer = [[UInt8]]?

  private let file: FilePath
  private let repository: Repository
  private var answers: [ObjectID: Answer] = [:]
  /// In the order of their last use, the latest at the end.
  private var order: [ObjectID] = []
  private var used: [ObjectID] = []

  /// Of answers; a hive of fifty worktrees has 1,275 pairs.
  private static let limit = 4000

  init(_ repository: Repository) {
    self.repository = repository
    file = repository.layout.stateDirectory / "predictions"
    guard let bytes = try? file.contents(), let records = Self.records(in: bytes, repository) else { return }
    for record in records {
      answers[record.key] = .some(record.answer)
      order.append(record.key)
    }
  }

  mutating func answer(to key: ObjectID) -> Answer? {
    guard let answer = answers[key] else { return nil }
    used.append(key)
    return answer
  }

  mutating func remember(_ answer: Answer, for key: ObjectID) {
    answers[key] = .some(answer)
    used.append(key)
  }

  /// A cache: whoever may not write it asks git again.
  func save() {
    let recent = Set(used)
    let kept = (order.filter { !recent.contains($0) } + used).suffix(Self.limit)
    guard kept != order[...] else { return }
    var body: [UInt8] = []
    for key in kept {
      let answer = answers[key] ?? nil
      body += Array("\(key) \(answer == nil ? "clean" : "conflict")".utf8)
      for path in answer ?? [] { body += [0] + path }
      body += [0, 0]
    }
    guard let digest = try? repository.blobID(of: body) else { return }
    try? file.parent.createDirectories()
    try? file.write(Array("predictions 1 \(digest)\n".utf8) + body)
  }

  /// `key SP word (NUL path)… NUL NUL` for each answer, below a line with the name that git would give to all of them: `nil`
  /// where it is not theirs.
  private static func records(in bytes: [UInt8], _ repository: Repository) -> [(key: ObjectID, answer: Answer)]? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let body = Array(bytes[(end + 1)...])
    guard let digest = try? repository.blobID(of: body), bytes[..<end].elementsEqual("predictions 1 \(digest)".utf8)
    else { return nil }
    var records: [(key: ObjectID, answer: Answer)] = []
    var fields = body.split(separator: 0, omittingEmptySubsequences: false)[...]
    while let head = fields.popFirst(), !head.isEmpty {
      let words = head.split(separator: UInt8(ascii: " "))
      guard words.count == 2, let key = ObjectID(hex: words[0]) else { return nil }
      let paths = fields.prefix { !$0.isEmpty }.map(Array.init)
      fields = fields.dropFirst(paths.count + 1)
      records.append((key, words[1].elementsEqual("clean".utf8) ? nil : paths))
    }
    return records
  }
}
