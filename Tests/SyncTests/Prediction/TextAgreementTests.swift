import Merging
import Platform
import TestSupport
import Testing

@testable import Git
@testable import Sync

@Suite("Texts against git")
struct TextAgreementTests {
  /// `PREFLIGHT_TEXTS=6000 PREFLIGHT_SEED=1 swift test --filter TextAgreementTests`.
  private static let count = Environment.current["PREFLIGHT_TEXTS"].flatMap { Int($0) } ?? 1500

  @Test("Whatever is decided about a text is what git decides, byte for byte")
  func agreement() throws {
    let seed = Environment.current["PREFLIGHT_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    print("texts: PREFLIGHT_SEED=\(seed)")
    var random = SeededGenerator(seed: seed)
    let texts = (0..<Self.count).map { _ in Self.texts(&random) }
    let repository = try TestRepository()
    let start = try repository.commit("feat: start")
    let opened = try repository.open()
    let scratch = try ScratchRepository(borrowingFrom: opened, hasOwnAttributes: true)
    func snapshot(_ version: Int) -> ScratchRepository.Snapshot {
      var replaced: [[UInt8]: ScratchRepository.Snapshot.Replacement] = [:]
      for (index, text) in texts.enumerated() {
        replaced[Array("\(index)".utf8)] = .contents(Array(text[version].utf8), mode: 0o100644)
      }
      return .init(parents: version == 0 ? [start] : [], tree: nil, replaced: replaced)
    }
    var sides = [snapshot(0), snapshot(1), snapshot(2)]
    for index in 1...2 { sides[index].standsOn = 0 }
    let ids = try scratch.commit(sides)
    let merge = try scratch.merges([(ids[1], ids[2])])[0]
    let conflicts = Set(merge.conflicts)
    let merged = try scratch.files(in: merge.tree)
    var (clean, conflicting) = (0, 0)
    for (index, text) in texts.enumerated() {
      let name = Array("\(index)".utf8)
      switch TextMerge(base: Array(text[0].utf8), ours: Array(text[1].utf8), theirs: Array(text[2].utf8)) {
      case .merged(let bytes):
        clean += 1
        #expect(!conflicts.contains(name), "seed \(seed), text \(index)")
        #expect(try merged[name] == opened.blobID(of: bytes), "seed \(seed), text \(index): \(text)")
      case .conflict(let regions):
        conflicting += 1
        #expect(conflicts.contains(name), "seed \(seed), text \(index): \(text)")
        #expect(!regions.isEmpty)
      case .undecided: break
      }
    }
    print(
      "\(texts.count) texts: \(clean) merged, \(conflicting) in conflict, \(texts.count - clean - conflicting) left to git"
    )
    #expect(clean * 10 > texts.count)
    #expect(conflicting * 10 > texts.count)
  }

  /// A base and two versions of it: up to three edits each, among lines of which some are repeated.
  private static func texts(_ random: inout SeededGenerator) -> [String] {
    let repeats = random.next(below: 3)
    let base = (0..<(3 + random.next(below: 14))).map { index in
      random.next(below: 8) < repeats ? "same \(random.next(below: 2))" : "line \(index)"
    }
    return [base].map { $0.joined(separator: "\n") + "\n" }
      + (0..<2).map { _ in
        var lines = base
        for _ in 0...random.next(below: 3) { edit(&lines, &random) }
        return lines.joined(separator: "\n") + (random.next(below: 12) == 0 ? "" : "\n")
      }
  }

  private static func edit(_ lines: inout [String], _ random: inout SeededGenerator) {
    let place = random.next(below: lines.count + 1)
    switch random.next(below: 6) {
    case 0: lines.insert("same \(random.next(below: 2))", at: place)
    case 1: lines.insert(contentsOf: ["new \(random.next(below: 40))", "more \(random.next(below: 40))"], at: place)
    case 2, 3: if place < lines.count { lines[place] = "changed \(random.next(below: 40))" }
    case 4: if place < lines.count { lines.remove(at: place) }
    default: lines.insert("new \(random.next(below: 40))", at: place)
    }
  }
}

extension ScratchRepository {
  /// The files at the top of a tree that was made here.
  fileprivate func files(in tree: ObjectID) throws(GitError) -> [[UInt8]: ObjectID] {
    var files: [[UInt8]: ObjectID] = [:]
    for entry in try git.output(["ls-tree", "-z", "\(tree)"]).split(separator: 0) {
      // `mode SP type SP id TAB name`
      guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")),
        let id = entry[..<tab].split(separator: UInt8(ascii: " ")).last.flatMap({ ObjectID(hex: $0) })
      else { continue }
      files[Array(entry[(tab + 1)...])] = id
    }
    return files
  }
}
