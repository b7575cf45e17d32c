import TestSupport
import Testing

@testable import Plan

@Suite("The compiled plan")
struct CompiledPlanTests {
  @Test("What was encoded is decoded, for any plan", arguments: 1...60 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let plan = Plan.random(using: &random)
    let block = CompiledPlan.encode(plan, sourceID: [1, 2, 3])
    #expect(CompiledPlan.decode(block) == plan, "seed \(seed)")
    #expect(CompiledPlan.sourceID(of: block) == [1, 2, 3])
    #expect(CompiledPlan.encode(plan, sourceID: [1, 2, 3]) == block, "the same bytes every time, seed \(seed)")
  }

  @Test("An empty plan is a block too")
  func empty() {
    let block = CompiledPlan.encode(Plan(), sourceID: [])
    #expect(CompiledPlan.decode(block) == Plan())
    #expect(CompiledPlan.sourceID(of: block) == [])
  }

  @Test("Any changed byte and any cut is noticed")
  func damage() {
    var random = SeededGenerator(seed: 7)
    let block = CompiledPlan.encode(.random(using: &random), sourceID: Array(repeating: 9, count: 20))
    for index in block.indices {
      var damaged = block
      damaged[index] ^= UInt8.random(in: 1...255, using: &random)
      #expect(CompiledPlan.decode(damaged) == nil, "byte \(index)")
      #expect(CompiledPlan.decode(Array(block[..<index])) == nil, "cut at \(index)")
    }
    #expect(CompiledPlan.decode(block + [0]) == nil)
  }

  @Test("Damage with a right checksum is refused or decoded, never a crash", arguments: 1...300 as ClosedRange<UInt64>)
  func forged(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var block = CompiledPlan.encode(.random(using: &random), sourceID: [4, 5])
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let index = Int.random(in: 16..<block.count, using: &random)
      block[index] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
    }
    block.replaceSubrange(8..<16, with: CompiledPlan.bytes(of: CompiledPlan.checksum(of: block[16...])))
    _ = CompiledPlan.decode(block)
    _ = CompiledPlan.sourceID(of: block)
  }

  @Test("What is looked up in place is what the plan says", arguments: 1...100 as ClosedRange<UInt64>)
  func lookups(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let plan = Plan.random(using: &random)
    try withCompiled(CompiledPlan.encode(plan, sourceID: [7]), sourceID: [7]) { compiled in
      let branches = plan.streams.map(\.branch) + ["nobody's"]
      for branch in branches.map({ Array($0.utf8) }) {
        #expect(compiled.stream(onBranch: branch) == plan.stream(onBranch: branch), "seed \(seed)")
      }
      for directory in plan.streams.compactMap(\.directory) {
        let found = compiled.stream { $0.elementsEqual(directory.utf8) }
        #expect(found == plan.streams.first { $0.directory == directory }, "seed \(seed)")
      }
      let patterns = plan.streams.flatMap(\.files) + plan.shared.flatMap(\.paths)
      let paths =
        patterns.map { Array($0.text.utf8.filter { !"*?[]{}\\".utf8.contains($0) }) } + [Array("src/index.ts".utf8)]
      for path in paths {
        #expect(compiled.streams(owning: path) == plan.streams(owning: path), "seed \(seed)")
        #expect(compiled.sharedFiles(for: path) == plan.sharedFiles(for: path), "seed \(seed)")
      }
      #expect(compiled.rules == plan.rules && compiled.checks == plan.checks)
      #expect(compiled.policies.commits == plan.commits && compiled.policies.streams.isEmpty)
    }
  }

  @Test("Patterns are found by what comes before their first wildcard")
  func patternBeginnings() throws {
    var plan = Plan()
    for (id, pattern) in [("a", "src/a/**"), ("b", "src/{a,b}/x"), ("c", "src/a/"), ("d", "*.md"), ("e", "src/a/x")] {
      var stream = Plan.Stream()
      stream.id = id
      stream.files = [Pattern(pattern)]
      plan.streams.append(stream)
    }
    try withCompiled(CompiledPlan.encode(plan, sourceID: []), sourceID: []) { compiled in
      #expect(compiled.streams(owning: Array("src/a/x".utf8)).map(\.id) == ["a", "b", "c", "e"])
      #expect(compiled.streams(owning: Array("src/a".utf8)).map(\.id) == [])
      #expect(compiled.streams(owning: Array("README.md".utf8)).map(\.id) == ["d"])
    }
  }

  @Test("The form made from another blob is none of this plan")
  func otherBlob() {
    let block = CompiledPlan.encode(Plan(), sourceID: [1])
    block.withUnsafeBytes { #expect(CompiledPlan($0, sourceID: [2]) == nil) }
  }

  @Test("Lookups in damage with a right checksum never crash", arguments: 1...300 as ClosedRange<UInt64>)
  func forgedLookups(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var block = CompiledPlan.encode(.random(using: &random), sourceID: [])
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let index = Int.random(in: 28..<block.count, using: &random)
      block[index] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
    }
    block.replaceSubrange(8..<16, with: CompiledPlan.bytes(of: CompiledPlan.checksum(of: block[16...])))
    block.withUnsafeBytes { bytes in
      guard let compiled = CompiledPlan(bytes, sourceID: []) else { return }
      _ = compiled.stream(onBranch: Array("main".utf8))
      _ = compiled.stream { $0.isEmpty }
      _ = compiled.streams(owning: Array("src/index.ts".utf8))
      _ = compiled.sharedFiles(for: Array("src/index.ts".utf8))
      _ = (compiled.policies, compiled.rules, compiled.checks)
    }
  }

  private func withCompiled(_ block: [UInt8], sourceID: [UInt8], _ body: (CompiledPlan) throws -> Void) throws {
    try block.withUnsafeBytes { try body(#require(CompiledPlan($0, sourceID: sourceID))) }
  }

  @Test("Bytes that are no plan are refused", arguments: 1...200 as ClosedRange<UInt64>)
  func arbitrary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let noise = (0..<Int.random(in: 0...400, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(CompiledPlan.decode(noise) == nil)
    #expect(CompiledPlan.decode(CompiledPlan.magic + CompiledPlan.bytes(of: CompiledPlan.version) + noise) == nil)
  }

  @Test("A block of another version is refused")
  func version() {
    var block = CompiledPlan.encode(Plan(), sourceID: [])
    block[4] += 1
    #expect(CompiledPlan.decode(block) == nil)
    #expect(CompiledPlan.sourceID(of: block) == nil)
  }
}

extension Plan {
  /// Every field set at random, to default values too.
  static func random(using random: inout SeededGenerator) -> Plan {
    var plan = Plan()
    plan.project.name = .random(&random)
    plan.project.trunk = maybe(&random, String.random)
    plan.project.remote = maybe(&random, String.random)
    plan.project.issuePrefixes = some(&random, String.random)
    plan.commits.types = some(&random, String.random)
    plan.commits.scopes = some(&random, String.random)
    plan.commits.requiresScope = .random(using: &random)
    plan.commits.subjectLimit = .random(in: 0...1000, using: &random)
    plan.commits.bodyLimit = .random(in: 0...1000, using: &random)
    plan.commits.fixes = .random(using: &random)
    for _ in 0..<3 { plan.rules.levels[.random(&random)] = RuleSettings.Level.allCases.randomElement(using: &random)! }
    plan.sync.mode = SyncPolicy.Mode.allCases.randomElement(using: &random)!
    plan.sync.streams = SyncPolicy.Streams.allCases.randomElement(using: &random)!
    plan.sync.published = SyncPolicy.Published.allCases.randomElement(using: &random)!
    plan.sync.quiet = .random(in: 0...100, using: &random)
    plan.worktree.directory = .random(&random)
    plan.worktree.links = some(&random, String.random)
    plan.worktree.setup = some(&random) { some(&$0, String.random) }
    plan.worktree.remove = some(&random) { some(&$0, String.random) }
    plan.worktree.checkout = .random(using: &random)
    plan.shared = some(&random, sharedFiles)
    plan.checks = some(&random, check)
    plan.afterSync = some(&random) { random in
      var command = AfterSync()
      command.paths = some(&random) { Pattern(.random(&$0)) }
      command.run = some(&random, String.random)
      command.place = AfterSync.Place.allCases.randomElement(using: &random)!
      return command
    }
    plan.launch = some(&random, String.random)
    plan.finish = some(&random, String.random)
    plan.merge = some(&random, String.random)
    for event in NotifyPolicy.Event.allCases {
      plan.notify.commands[event] = maybe(&random) { some(&$0, String.random) }
    }
    plan.notify.interval = .random(in: 0...10, using: &random)
    plan.notify.retries = .random(in: 0...10, using: &random)
    plan.hive.isShared = .random(using: &random)
    plan.streams = some(&random, stream)
    plan.rounds = some(&random) { some(&$0, String.random) }
    return plan
  }

  private static func sharedFiles(_ random: inout SeededGenerator) -> SharedFiles {
    var files = SharedFiles()
    files.paths = some(&random) { Pattern(.random(&$0)) }
    files.merge = SharedFiles.MergePolicy.allCases.randomElement(using: &random)!
    files.stubs = SharedFiles.StubPolicy.allCases.randomElement(using: &random)!
    files.takesHigherVersion = .random(using: &random)
    files.run = some(&random, String.random)
    return files
  }

  private static func check(_ random: inout SeededGenerator) -> Check {
    var check = Check()
    check.name = .random(&random)
    check.run = some(&random, String.random)
    check.occasions = some(&random) { Check.Occasion.allCases.randomElement(using: &$0)! }
    check.lock = maybe(&random, String.random)
    check.timeout = .random(in: 0...5000, using: &random)
    check.paths = some(&random) { Pattern(.random(&$0)) }
    check.environment = some(&random, String.random)
    return check
  }

  private static func stream(_ random: inout SeededGenerator) -> Stream {
    var stream = Stream()
    stream.id = .random(&random)
    stream.name = .random(&random)
    stream.branch = .random(&random)
    stream.directory = maybe(&random, String.random)
    stream.worker = maybe(&random, String.random)
    stream.estimate = maybe(&random) { .random(in: 0...2, using: &$0)...(.random(in: 2...9, using: &$0)) }
    stream.files = some(&random) { Pattern(.random(&$0)) }
    stream.issues = some(&random) { random in
      var issue = Issue()
      issue.id = .random(&random)
      issue.title = .random(&random)
      issue.priority = maybe(&random, String.random)
      issue.after = some(&random, String.random)
      issue.isExternal = .random(using: &random)
      return issue
    }
    stream.base = maybe(&random, String.random)
    stream.stubs = some(&random, String.random)
    return stream
  }

  private static func some<Value>(
    _ random: inout SeededGenerator, _ make: (inout SeededGenerator) -> Value
  ) -> [Value] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in make(&random) }
  }

  private static func maybe<Value>(_ random: inout SeededGenerator, _ make: (inout SeededGenerator) -> Value) -> Value?
  {
    Bool.random(using: &random) ? make(&random) : nil
  }
}

extension String {
  fileprivate static func random(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in
      ["a", "é", "e\u{301}", "\r\n", "\0", "🐝", "/", "*", "\"", "ws"].randomElement(using: &random)!
    }.joined()
  }
}
