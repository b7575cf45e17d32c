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
      permutations(of: Array(names.indices)).enumerated().filter { $0.offset.isMultiple(of: 23) }.map {
        merged(base, streams, order: $0.element, policy: .barrel, path: "src/index.ts")
      })
    #expect(results == [names.map { "// \($0)\nexport * from './\($0)/index.js'\n" }.joined(separator: "\n")])
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
    let seed = UInt64.random(in: .min ... .max)
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
