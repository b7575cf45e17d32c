import TestSupport
import Testing

@testable import Merging

/// Each case is named by where others met it.
@Suite("Manifests merge key by key")
struct ManifestMergeTests {
  private func result(_ base: String?, _ ours: String, _ theirs: String, _ versions: VersionPolicy = .conflict)
    -> MergeResult
  {
    merge(base, ours, theirs, policy: .manifest(versions: versions), path: "package.json")
  }

  private func bothWays(_ base: String?, _ ours: String, _ theirs: String, _ versions: VersionPolicy = .conflict)
    -> String
  {
    let text = result(base, ours, theirs, versions).text
    #expect(result(base, theirs, ours, versions).text == text, "swapped")
    return text
  }

  private let base = """
    {
      "name": "x",
      "version": "1.0.0",
      "files": ["dist"],
      "dependencies": {
        "@vue/cli": "^4.0.0",
        "@vue/cli-plugin-babel": "^4.0.0"
      }
    }\n
    """

  @Test(
    "A value changed next to a key added, whose comma is derived (weave F3, red_l5_json_disjoint_add_forces_comma_conflict)"
  )
  func comma() {
    let ours = base.replacing("\"@vue/cli-plugin-babel\": \"^4.0.0\"", with: "\"@vue/cli-plugin-babel\": \"^5.0.0\"")
    let theirs = base.replacing("babel\": \"^4.0.0\"\n", with: "babel\": \"^4.0.0\",\n    \"zod\": \"^3.0.0\"\n")
    #expect(bothWays(base, ours, theirs) == theirs.replacing("babel\": \"^4", with: "babel\": \"^5"))
  }

  @Test("Neighbouring dependencies are both moved (npm-merge-driver #24)")
  func neighbours() {
    let ours = base.replacing("\"@vue/cli\": \"^4", with: "\"@vue/cli\": \"^5")
    let theirs = base.replacing("babel\": \"^4", with: "babel\": \"^5")
    #expect(bothWays(base, ours, theirs) == ours.replacing("babel\": \"^4", with: "babel\": \"^5"))
  }

  @Test(
    "A key that both add in different places: once, or one conflict (mergiraf json/start_end_conflict, json/insert_same_key_values)"
  )
  func sameKey() {
    let ours = base.replacing("{\n  \"name\"", with: "{\n  \"type\": \"module\",\n  \"name\"")
    let theirs = base.replacing("  }\n}", with: "  },\n  \"type\": \"module\"\n}")
    #expect(bothWays(base, ours, theirs) == ours)
    #expect(
      result(base, ours, theirs.replacing("module", with: "commonjs")).text
        == base.replacing(
          "{\n  \"name\"",
          with: "{\n<<<<<<< o\n  \"type\": \"module\",\n=======\n  \"type\": \"commonjs\",\n>>>>>>> t\n  \"name\""))
  }

  @Test("A version that one side raised is raised, whichever side it is (mittwald/flow #2958)")
  func version() {
    let ours = base.replacing("[\"dist\"]", with: "[\"dist\", \"src\"]")
    let theirs = base.replacing("1.0.0", with: "1.0.1")
    #expect(bothWays(base, ours, theirs) == ours.replacing("1.0.0", with: "1.0.1"))
  }

  @Test("A removed dependency stays removed, and is a conflict only where the other side moved it (gaia #279)")
  func removed() {
    let ours = base.replacing("    \"@vue/cli\": \"^4.0.0\",\n", with: "")
    let theirs = base.replacing("babel\": \"^4", with: "babel\": \"^5")
    #expect(bothWays(base, ours, theirs) == ours.replacing("babel\": \"^4", with: "babel\": \"^5"))
    #expect(result(base, ours, base.replacing("cli\": \"^4", with: "cli\": \"^5")).isConflict)
  }

  @Test("New indentation here and a new value there are both kept (mergiraf json/adapt_indentation)")
  func indentation() {
    let ours = base.replacing("  ", with: "\t")
    let theirs = base.replacing(
      "babel\": \"^4.0.0\"\n", with: "babel\": \"^5.0.0\",\n    \"zod\": {\n      \"a\": 1\n    }\n")
    #expect(bothWays(base, ours, theirs) == theirs.replacing("  ", with: "\t"))
  }

  @Test("A side without indentation has no say in it, whichever side it is (found by fuzzing)")
  func noIndentation() {
    let ours = base.replacing("  ", with: "\t")
    #expect(bothWays(base, ours, "{\n}\n") == "{\n}\n")
    #expect(
      bothWays(base, ours, base.replacing("  ", with: "    ")) == ours, "two new ones: the same of them both ways")
  }

  @Test("A key twice is refused (mergiraf json/duplicate_keys_in_base)")
  func duplicateKeys() {
    #expect(
      result("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":3}", "{\"a\":1,\"a\":2,\"b\":1}").outcome == .undecided(.duplicateKey)
    )
  }

  @Test("Lists are sets only where the format says so")
  func lists() {
    let ours = base.replacing("[\"dist\"]", with: "[\"dist\", \"src\"]")
    let theirs = base.replacing("[\"dist\"]", with: "[\"bin\", \"dist\"]")
    #expect(bothWays(base, ours, theirs) == base.replacing("[\"dist\"]", with: "[\"bin\", \"dist\", \"src\"]"))
    func other(_ text: String) -> String { text.replacing("\"files\"", with: "\"args\"") }
    #expect(result(other(base), other(ours), other(theirs)).isConflict)
  }

  @Test("A dependency that both moved differently is a conflict on its line, or the higher version")
  func bothMoved() {
    let ours = base.replacing("\"@vue/cli\": \"^4.0.0\"", with: "\"@vue/cli\": \"^4.10.0\"")
    let theirs = base.replacing("\"@vue/cli\": \"^4.0.0\"", with: "\"@vue/cli\": \"^4.9.0\"")
    #expect(bothWays(base, ours, theirs, .higher) == ours)
    #expect(
      result(base, ours, theirs).text
        == base.replacing(
          "    \"@vue/cli\": \"^4.0.0\",\n",
          with: "<<<<<<< o\n    \"@vue/cli\": \"^4.10.0\",\n=======\n    \"@vue/cli\": \"^4.9.0\",\n>>>>>>> t\n"))
    #expect(result(base, ours, theirs.replacing("^4.9.0", with: "~4.9.0"), .higher).isConflict)
    #expect(result(base, ours, theirs.replacing("^4.9.0", with: "^4.9.0-rc.1"), .higher).isConflict)
  }

  @Test(
    "Both create the file: a conflict that holds both (weave empty_base_both_add_different_content)",
    arguments: [nil, ""])
  func created(base: String?) {
    let text = result(base, "{\n  \"a\": 1\n}\n", "{\n  \"b\": 2\n}\n").text
    #expect(text == "{\n<<<<<<< o\n  \"a\": 1\n=======\n  \"b\": 2\n>>>>>>> t\n}\n")
  }

  @Test("Sorted maps stay sorted")
  func sorted() {
    let base = "{\n  \"dependencies\": {\n    \"a\": \"1\",\n    \"m\": \"1\"\n  }\n}\n"
    let ours = base.replacing("\"m\"", with: "\"c\": \"1\",\n    \"m\"")
    let theirs = base.replacing("\"m\"", with: "\"b\": \"1\",\n    \"d\": \"1\",\n    \"m\"")
    #expect(
      bothWays(base, ours, theirs)
        == base.replacing("\"m\"", with: "\"b\": \"1\",\n    \"c\": \"1\",\n    \"d\": \"1\",\n    \"m\""))
  }

  @Test("What is no JSON, or nested too deeply, is left to lines, and nothing crashes")
  func refused() {
    #expect(result("{}", "{\"a\":1,}", "{\"b\":1}").outcome == .undecided(.malformed))
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    #expect(result("[]", deep, "[1]").outcome == .undecided(.tooDeep))
    #expect(result("[]", String(deep.dropLast()), "{\"a\":\"\\").outcome == .undecided(.tooDeep))
    #expect(result("[]", "{\"a\":\"\\", "[1]").outcome == .undecided(.malformed))
  }

  /// Keys of two levels with numbers, in one formatting.
  private struct Tree {
    var maps: [[String: Int]] = [[:], [:]]

    var text: String {
      let maps = maps.enumerated().map { index, map in
        let members = map.sorted { $0.key < $1.key }.map { "    \"\($0.key)\": \($0.value)" }
        return "  \"map\(index)\": {\(members.isEmpty ? "" : "\n" + members.joined(separator: ",\n") + "\n  ")}"
      }
      return "{\n" + maps.joined(separator: ",\n") + "\n}\n"
    }
  }

  @Test("Generated merges are what merging the maps gives, whichever side is which, and again")
  func generated() {
    let seed = SeededGenerator.announcedSeed()
    var generator = SeededGenerator(seed: seed)
    func edit(_ tree: Tree, by deeds: Int) -> Tree {
      var tree = tree
      for _ in 0..<deeds {
        let key = String("abcdefgh".randomElement(using: &generator)!)
        let value = Bool.random(using: &generator) ? Int.random(in: 0..<5, using: &generator) : nil
        tree.maps[Int.random(in: 0...1, using: &generator)][key] = value
      }
      return tree
    }
    for number in 0..<tripleCount {
      let base = edit(Tree(), by: 6)
      let (ours, theirs) = (edit(base, by: 3), edit(base, by: 3))
      var expected: Tree? = base
      for map in 0...1 {
        for key in "abcdefgh".map(String.init) {
          let (old, left, right) = (base.maps[map][key], ours.maps[map][key], theirs.maps[map][key])
          if left != old, right != old, left != right { expected = nil }
          expected?.maps[map][key] = left == old ? right : left
        }
      }
      let merged = result(base.text, ours.text, theirs.text)
      let swapped = result(base.text, theirs.text, ours.text)
      let isRight: Bool
      if let expected {
        isRight =
          merged.text == expected.text && swapped.text == merged.text
          && result(base.text, ours.text, merged.text).text == merged.text
      } else {
        isRight = merged.isConflict && swapped.isConflict
      }
      guard isRight else {
        Issue.record("seed \(seed), triple \(number):\n\(base.text)\(ours.text)\(theirs.text)gives\n\(merged.text)")
        return
      }
    }
  }
}
