import Git
import Merging
import Platform
import TestSupport
import Testing

@Suite("Merges of text against git merge-tree")
struct TextTests {
  private struct Versions {
    let base: [UInt8]
    let ours: [UInt8]
    let theirs: [UInt8]
  }

  @Test("What is decided line by line is what git decides and writes")
  func agreement() throws {
    let count = (Environment.current["PREFLIGHT_HISTORIES"].flatMap { Int($0) } ?? 300) * 10
    let seed = Environment.current["PREFLIGHT_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max >> 16)
    print("PREFLIGHT_HISTORIES=\(count / 10) PREFLIGHT_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    let texts = (0..<count).map { _ in versions(&random) }
    let git = try Self.merges(texts)
    var decided = (merged: 0, conflicts: 0)
    for (text, git) in zip(texts, git) {
      switch TextMerge(base: text.base, ours: text.ours, theirs: text.theirs) {
      case .merged(let bytes):
        decided.merged += 1
        if git != bytes { Issue.record("\(text): merged \(bytes), git: \(String(describing: git))") }
      case .conflict:
        decided.conflicts += 1
        if git != nil { Issue.record("\(text): conflict, git: \(String(describing: git))") }
      case .undecided: break
      }
    }
    print("of \(count) texts \(decided.merged) merged, \(decided.conflicts) in conflict, the rest left to git")
    #expect(decided.merged > count / 5)
    #expect(decided.conflicts > count / 10)
  }

  /// Lines that are often alike; every other text has some that are not.
  private func versions(_ random: inout SeededGenerator) -> Versions {
    let kinds = random.pick([4, 20, 200])
    func line(_ random: inout SeededGenerator) -> [UInt8] { .init("\(random.number(1...kinds))\n") }
    var base = (0..<random.number(0...14)).map { _ in line(&random) }
    if random.chance(10), !base.isEmpty { base[base.count - 1].removeLast() }
    func side(_ random: inout SeededGenerator) -> [UInt8] {
      var lines = base
      for _ in 0..<random.number(1...3) {
        let start = random.number(0...lines.count)
        let end = min(lines.count, start + random.number(0...2))
        lines.replaceSubrange(start..<end, with: (0..<random.number(0...2)).map { _ in line(&random) })
      }
      return Array(lines.joined())
    }
    let ours = side(&random)
    return Versions(base: Array(base.joined()), ours: ours, theirs: random.chance(5) ? ours : side(&random))
  }

  /// What git writes; `nil` for a conflict.
  private static func merges(_ texts: [Versions]) throws -> [[UInt8]?] {
    let repository = try TestRepository()
    let opened = try repository.open()
    func commit(_ text: [UInt8], on parent: ObjectID?) throws -> ObjectID {
      let blob = TreeEntry(mode: 0o100644, id: try opened.make(.blob, text))
      let tree = try opened.makeTree(Tree(entries: [.init(name: [UInt8]("f")[...], value: blob)]))
      let parent = parent.map { "parent \($0)\n" } ?? ""
      let person = "A U Thor <author@example.com> 0 +0000"
      return try opened.make(.commit, .init("tree \(tree)\n\(parent)author \(person)\ncommitter \(person)\n\n"))
    }
    var input = ""
    for text in texts {
      let base = try commit(text.base, on: nil)
      input += try "\(commit(text.ours, on: base)) \(commit(text.theirs, on: base))\n"
    }
    try opened.writeMadeObjects()
    let scratch = try repository.git(
      ["merge-tree", "--write-tree", "--stdin", "--name-only", "--no-messages"], input: .init(input))
    let fields = scratch.split(separator: "\0", omittingEmptySubsequences: false)
    let merged = try repository.open()
    var outcomes: [[UInt8]?] = []
    var place = 0
    while outcomes.count < texts.count, place + 1 < fields.count {
      let isClean = fields[place] == "1"
      let tree = ObjectID(hex: String(fields[place + 1]))
      let file = try tree.flatMap { try merged.entry(at: "f".utf8, in: $0) }
      outcomes.append(isClean ? try file.map { try merged.blob($0.id) } : nil)
      place += isClean ? 3 : 4
    }
    return outcomes
  }
}
