import Merging
import TestSupport
import Testing

/// Streams that branched off one trunk and merge into it one after the other.
@Suite("The order in which streams merge does not change the result")
struct StreamOrderTests {
  private let names = ["api", "database", "health", "monitoring", "security", "sync"]

  private func permutations(of values: [Int]) -> [[Int]] {
    guard values.count > 1 else { return [values] }
    return values.indices.flatMap { index in
      var rest = values
      let first = rest.remove(at: index)
      return permutations(of: rest).map { [first] + $0 }
    }
  }

  private func merged(
    _ base: String, _ streams: [String], order: [Int], policy: MergePolicy, path: String
  ) -> String {
    order.reduce(base) { trunk, stream in
      let result = merge(base, trunk, streams[stream], policy: policy, path: path)
      #expect(!result.isConflict, "\(result.text)")
      return result.text
    }
  }

  @Test("Six streams bring neighbouring stubs to life and add exports: all 720 orders give one barrel")
  func barrel() {
    let base =
      "// Services\nexport * from './core'\n\n// Live services\n"
      + names.map { "// export * from './\($0)/index.js'\n" }.joined()
    let streams = names.map { name in
      base.replacing("// export * from './\(name)/", with: "export * from './\(name)/")
        + "export { \(name)Client } from './\(name)/client.js'\n"
    }
    let results = Set(
      permutations(of: Array(names.indices)).map {
        merged(base, streams, order: $0, policy: .barrel, path: "src/index.ts")
      })
    #expect(
      results == [
        "// Services\nexport * from './core'\n\n// Live services\n"
          + names.map { "export * from './\($0)/index.js'\n" }.joined()
          + names.map { "export { \($0)Client } from './\($0)/client.js'\n" }.joined()
      ])
  }

  @Test("The first user's block of stubs, each with its own comment, comes to life in any order")
  func commentedBlocks() {
    let base = names.map { "// \($0) (SMI-1) - to be implemented\n// export * from './\($0)/index.js'\n" }.joined(
      separator: "\n")
    let streams = names.map {
      base.replacing("// \($0) (SMI-1) - to be implemented\n// export", with: "// \($0)\nexport")
    }
    let results = Set(
      permutations(of: Array(names.indices)).map {
        merged(base, streams, order: $0, policy: .barrel, path: "src/index.ts")
      })
    #expect(results == [names.map { "// \($0)\nexport * from './\($0)/index.js'\n" }.joined(separator: "\n")])
  }

  /// The shared files of the first user's plan; below `Live services` the barrel is its phase 0.1, with a block for each stream.
  private static let seed = [
    (
      MergePolicy.barrel, "packages/core/src/index.ts",
      """
      // Types
      export * from './types.js'
      export { SkillParser, type ParserOptions } from './indexer/SkillParser.js'

      // Database (SMI-1446, SMI-1448, SMI-1452) - to be implemented
      // export * from './database/migration.js'

      // Security (SMI-1454, SMI-1456) - to be implemented
      // export * from './security/scanner.js'

      // Monitoring (SMI-1447, SMI-1453) - to be implemented
      // export * from './monitoring/index.js'
      // export * from './testing/install.js' // CI (SMI-1582)
      // export * from './cli/import.js' // DevOps (SMI-1450)
      // export * from './docs/policy.js' // Docs (SMI-1585)

      """
    ),
    (
      .changelog, "CHANGELOG.md",
      "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Skills are parsed\n\n## [0.1.0] - 2026-01-05\n\n- First release\n"
    ),
    (
      .manifest(), "package.json",
      "{\n  \"name\": \"core\",\n  \"version\": \"0.1.0\",\n  \"dependencies\": {\n    \"zod\": \"^3.22.4\"\n  },\n  \"files\": [\"dist\"]\n}\n"
    ),
  ]

  @Test(
    "The seed's six streams bring all stubs to life, add entries and dependencies: 720 orders, three files, one result")
  func seedFiles() {
    let modules = ["database", "security", "monitoring", "testing", "cli", "docs"]
    let streams = modules.enumerated().map { index, module in
      [
        Self.seed[0].2.split(separator: "\n", omittingEmptySubsequences: false).map { line in
          line.hasPrefix("// export") && line.contains("./\(module)/") ? line.dropFirst(3) : line
        }.joined(separator: "\n") + "export { \(module)Version } from './\(module)/version.js'\n",
        index < 3
          ? Self.seed[1].2.replacing("- Skills are parsed\n", with: "- Skills are parsed\n- \(module), at last\n")
          : Self.seed[1].2.replacing(
            "- Skills are parsed\n", with: "- Skills are parsed\n\n### Fixed\n\n- \(module)\n"),
        Self.seed[2].2.replacing("^3.22.4\"", with: "^3.22.4\",\n    \"\(module)\": \"^\(index).0.0\""),
      ]
    }
    let results = Set(
      permutations(of: Array(modules.indices)).map { order in
        Self.seed.indices.map { file in
          let (policy, path, base) = Self.seed[file]
          return merged(base, streams.map { $0[file] }, order: order, policy: policy, path: path)
        }
      })
    #expect(results.count == 1)
    guard let result = results.first else { return }
    #expect(
      result[0] == Self.seed[0].2.replacing("// export", with: "export")
        + modules.sorted().map { "export { \($0)Version } from './\($0)/version.js'\n" }.joined())
    for module in modules {
      #expect(result[1].ranges(of: "- \(module)").count == 1)
      #expect(result[2].ranges(of: "\"\(module)\": \"^").count == 1)
    }
    #expect(result[1].ranges(of: "### Fixed").count == 1)
    #expect(result[1].hasSuffix("\n## [0.1.0] - 2026-01-05\n\n- First release\n"))
    #expect(result[2].hasSuffix("  },\n  \"files\": [\"dist\"]\n}\n"))
  }

  @Test("Six streams each add an entry, three of them in a kind of their own: all 720 orders give one changelog")
  func changelog() {
    let base = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- core\n\n## [1.0.0]\n\n- first\n"
    let streams = names.enumerated().map { index, name in
      index.isMultiple(of: 2)
        ? base.replacing("- core\n", with: "- \(name)\n- core\n")
        : base.replacing("- core\n", with: "- core\n\n### Fixed\n\n- \(name)\n")
    }
    let results = Set(
      permutations(of: Array(names.indices)).map {
        merged(base, streams, order: $0, policy: .changelog, path: "CHANGELOG.md")
      })
    #expect(
      results == [
        base.replacing(
          "- core\n",
          with: "- api\n- health\n- security\n- core\n\n### Fixed\n\n- database\n- monitoring\n- sync\n")
      ])
  }

  @Test("Six streams each add a dependency: all 720 orders give one manifest")
  func manifest() {
    let base = "{\n  \"dependencies\": {\n    \"core\": \"1\"\n  }\n}\n"
    let streams = names.map { base.replacing("\"1\"", with: "\"1\",\n    \"\($0)\": \"2\"") }
    let results = Set(
      permutations(of: Array(names.indices)).map {
        merged(base, streams, order: $0, policy: .manifest(), path: "package.json")
      })
    #expect(
      results == [
        base.replacing("\"1\"", with: "\"1\"" + names.map { ",\n    \"\($0)\": \"2\"" }.joined())
      ])
  }

  @Test("Generated streams that each touch their own stubs and add exports give one barrel in all 24 orders")
  func generatedStreams() {
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    let orders = permutations(of: [0, 1, 2, 3])
    for _ in 0..<tripleCount / 100 {
      let lines = (0..<Int.random(in: 1...8, using: &generator)).map { index in
        let export = "export * from './base\(index)'"
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return "\n// Part \(index)\n\(export)\n"
        case 1: return "\(export)\n"
        default: return "// \(export)\n"
        }
      }
      let streams = (0..<4).map { stream in
        var own = lines
        for index in own.indices where index % 4 == stream {
          own[index] = own[index].replacing("// export", with: "export")
        }
        for addition in 0..<Int.random(in: 0...3, using: &generator) {
          let place = Int.random(in: 0..<own.count, using: &generator)
          let paragraph = Bool.random(using: &generator) ? "" : "\n// Stream \(stream), \(addition)\n"
          own[place] +=
            paragraph + "export * from './new\(Int.random(in: 0..<100, using: &generator))_\(stream)_\(addition)'\n"
        }
        return own.joined()
      }
      let results = Set(
        orders.map { merged(lines.joined(), streams, order: $0, policy: .barrel, path: "src/index.ts") })
      guard results.count == 1 else {
        Issue.record(
          "seed \(seed):\n\(lines.joined())---\n\(streams.joined(separator: "---\n"))gives\n\(results.joined(separator: "or\n"))"
        )
        return
      }
    }
  }
}
