import Git
import Platform
import TestSupport
import Testing

@Suite("Six streams at one barrel, one changelog, one manifest")
struct SixStreamsTests {
  private static let modules = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]

  private static var files: [String: String] {
    [
      "src/index.ts": "export * from './core.js'\n" + modules.map { "// export * from './\($0).js'\n" }.joined(),
      "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- the core\n",
      "package.json": "{\n  \"dependencies\": {\n    \"core\": \"1.0.0\"\n  }\n}\n", "package-lock.json": "{\n}\n",
    ]
  }

  /// All six stubs on neighbouring lines come to life, and each stream adds an entry and a dependency.
  private func hive() throws -> MergeHive {
    let hive = try MergeHive(files: Self.files, streams: Self.modules)
    for module in Self.modules {
      try hive.type(
        """
        sed -i '/\(module).js/s|^// ||' src/index.ts
        echo '- \(module), at last' >>CHANGELOG.md
        sed -i 's|"1.0.0"|"1.0.0",\\n    "\(module)": "1.0.0"|' package.json
        git commit --quiet --all --message 'feat: \(module)'
        """, in: module)
    }
    return hive
  }

  @Test("Merged by the real git in 20 orders they never conflict, and give one result")
  func merged() throws {
    let hive = try hive()
    let start = try hive.repository.tip("main")
    var random = SeededGenerator(seed: 6)
    var results: Set<String> = []
    for order in 0..<20 {
      let streams = Self.modules.shuffled(using: &random)
      try hive.type("git reset --quiet --hard \(start)")
      for stream in streams {
        let outcome = try hive.outcome(of: "git merge --quiet --no-edit \(stream)")
        #expect(outcome.status == 0, "\(order): \(streams)\n\(outcome)")
      }
      results.insert(try hive.type("git rev-parse HEAD^{tree}"))
    }
    #expect(results.count == 1)
    #expect(
      try hive.read("src/index.ts") == Self.files["src/index.ts"]?.replacing("// ", with: ""))
    for module in Self.modules {
      #expect(try hive.read("CHANGELOG.md").contains("- \(module), at last\n"))
      #expect(try hive.read("package.json").contains("\"\(module)\": \"1.0.0\""))
    }
  }

  @Test("Before they merge no pair is told to conflict, and it is said what merges by policy")
  func predicted() throws {
    let outcome = try hive().outcome(of: "preflight conflicts")
    #expect(outcome.status == 0, "\(outcome)")
    for (policy, path) in [("barrel", "src/index.ts"), ("changelog", "CHANGELOG.md"), ("manifest", "package.json")] {
      #expect(outcome.standardOutput.contains("merged by policy \(policy): \(path)\n"), "\(outcome)")
    }
  }

  @Test("Their lock files are told to merge, in pairs and as planned, do merge, and are made anew once")
  func lockFiles() throws {
    let hive = try hive()
    for module in Self.modules {
      try hive.type("cp package.json package-lock.json && git commit --quiet --all --message 'build: lock'", in: module)
    }
    let planned = try hive.outcome(of: "preflight conflicts --planned")
    #expect(planned.status == 0, "\(planned)")
    #expect(planned.standardOutput.contains("merged by policy regenerate: package-lock.json\n"), "\(planned)")
    let pair = try hive.outcome(of: "git merge --quiet --no-edit beta", in: "alpha")
    #expect(pair.status == 0, "\(pair)")
    #expect(try hive.outcome(of: "preflight --no-commands", in: "alpha").findings(of: "lock.outdated").count == 1)
    try hive.type("git reset --quiet --hard HEAD~1 && rm -r \"$(git rev-parse --git-dir)/preflight\"", in: "alpha")
    for module in Self.modules {
      let outcome = try hive.outcome(of: "git merge --quiet --no-edit \(module)")
      #expect(outcome.status == 0, "\(outcome)")
    }
    #expect(try hive.read("package-lock.json") != hive.read("package.json"))
    #expect(try hive.type("preflight trust --yes >&2 && preflight resolve").contains("made anew: package-lock.json\n"))
    #expect(try hive.read("package-lock.json") == hive.read("package.json"))
  }

  @Test("Landing one after the other, each is followed by all, and no conflict is reported")
  func synced() throws {
    let hive = try hive()
    for module in Self.modules {
      try hive.type("git merge --quiet --no-edit \(module)")
      let outcome = try hive.outcome(of: "preflight sync --no-fetch")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(!outcome.standardOutput.contains("conflict"), "\(outcome)")
      let isLast = module == Self.modules.last
      #expect(outcome.standardError.contains("zeta: merged by policy ") != isLast, "\(outcome)")
    }
    #expect(try hive.read("src/index.ts") == Self.files["src/index.ts"]?.replacing("// ", with: ""))
  }
}
