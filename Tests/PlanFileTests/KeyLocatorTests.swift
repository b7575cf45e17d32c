import TOMLKit
import TestSupport
import Testing

@testable import PlanFile

@Suite("Where keys and values are")
struct KeyLocatorTests {
  /// `line:column` of key and value at a path such as `a.b.0`; `nil` where there is none.
  private func places(_ text: String, _ path: [String]) -> String? {
    let source = SourceText(Array(text.utf8))
    let locator = KeyLocator(source)
    var node = KeyLocator.root
    for step in path {
      guard let next = Int(step).flatMap({ locator.element($0, of: node) }) ?? locator.child(step, of: node) else {
        return nil
      }
      node = next
    }
    let (key, value) = (
      source.position(at: locator.nodes[node].key), source.position(at: locator.nodes[node].value)
    )
    return "\(key.line):\(key.column) \(value.line):\(value.column)"
  }

  @Test(
    "Every form of key and value is found",
    arguments: [
      ("a = 1", ["a"], "1:1 1:5"),
      ("  a\t=  \"x\" # c", ["a"], "1:3 1:8"),
      ("# é\n\na.b.c = 1", ["a", "b", "c"], "3:5 3:9"),
      ("a . b = 1", ["a", "b"], "1:5 1:9"),
      ("\"a.b\" = 1", ["a.b"], "1:1 1:9"),
      (#""a\"\u00e9\U0001F41D" = 1"#, ["a\"é🐝"], "1:1 1:25"),
      (#"'a\u00e9' = 1"#, [#"a\u00e9"#], "1:1 1:13"),
      ("'' = 1", [""], "1:1 1:6"),
      ("é = 1\n\"é\" = 2\nx = 3", ["x"], "3:1 3:5"),
      ("\"é\" = { \"ü\" = 1, x = 2 }", ["é", "x"], "1:18 1:22"),
      ("[t]\na = 1", ["t", "a"], "2:1 2:5"),
      ("[ t . \"u v\" ] # c\na = 1", ["t", "u v"], "1:7 1:7"),
      ("[t.u]\n[t]", ["t"], "2:2 2:2"),
      ("[[t]]\na = 1\n[[t]]\na = 2", ["t", "1", "a"], "4:1 4:5"),
      ("[[t]]\n[t.u]\na = 1\n[[t]]\n[t.u]\na = 2", ["t", "1", "u", "a"], "6:1 6:5"),
      ("[[t]]\n[[t.u]]\n[[t.u]]\na = 2", ["t", "0", "u", "1", "a"], "4:1 4:5"),
      ("a = [1, [2, 3], # ]\n  4,\n]\nb = 5", ["a", "1", "1"], "1:13 1:13"),
      ("a = [1, [2, 3], # ]\n  4,\n]\nb = 5", ["a", "2"], "2:3 2:3"),
      ("a = [1, [2, 3], # ]\n  4,\n]\nb = 5", ["b"], "4:1 4:5"),
      ("a = [{ b = \"}\" }, { b.c = ']' }]\nd = 1", ["a", "1", "b", "c"], "1:23 1:27"),
      ("a = \"\"\"\nb = 1\n\"\"\"\nb = 2", ["b"], "4:1 4:5"),
      ("a = \"\"\"\\\"\"\" \"\" \"\"\"\"\"\nb = 2", ["b"], "2:1 2:5"),
      ("a = '''\nb = 1\\'''\nb = 2", ["b"], "3:1 3:5"),
      ("a = ''''x'''''\nb = 2", ["b"], "2:1 2:5"),
      ("a = \"\"\nb = ''\nc = \"\"\"\"\"\"\nd = 1", ["d"], "4:1 4:5"),
      ("a = \"#\" # \"\nb = '\"'\nc = \"'\"\nd = 1", ["d"], "4:1 4:5"),
      ("a = \"\\\\\"\nb = \"\\\"\"\nc = 1", ["c"], "3:1 3:5"),
      ("a = 1979-05-27 07:32:00Z # x\r\nb = inf\r\nc = 1", ["c"], "3:1 3:5"),
      ("1 = 1\n1.2 = 3", ["1"], "1:1 1:5"),
    ])
  func forms(text: String, path: [String], expected: String) {
    #expect(places(text, path) == expected)
  }

  @Test("Any bytes are scanned to their end", arguments: 1...400 as ClosedRange<UInt64>)
  func arbitrary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("[]{}=.,\"'#\\\n\r\t abu0".utf8) + [0, 0x80, 0xC3, 0xFF]
    let bytes = (0..<Int.random(in: 0...120, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
    let source = SourceText(bytes)
    for node in KeyLocator(source).nodes {
      #expect(source.position(at: node.key).line >= 1)
      #expect((0...bytes.count).contains(node.value), "seed \(seed)")
    }
    _ = PlanDocument(bytes, file: "p", rules: [])
  }

  @Test(
    "Everything that TOMLKit reads has a place, and its key stands there", arguments: 1...300 as ClosedRange<UInt64>)
  func everything(seed: UInt64) throws {
    var writer = TOMLWriter(seed: seed)
    let text = writer.document()
    let source = SourceText(Array(text.utf8))
    let document = try TOMLDocument(source, KeyLocator(source))
    #expect(document.unlocated == 0, "seed \(seed):\n\(text)")
    try check(document.entries, text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false), seed)
  }

  /// A generated key carries its number, so the text at its place can be compared.
  private func check(_ entries: [TOMLEntry], _ lines: [Substring.UTF8View], _ seed: UInt64) throws {
    for entry in entries {
      let line = String(try #require(String(lines[entry.keyPosition.line - 1])))
      let rest = String(String.UnicodeScalarView(line.unicodeScalars.dropFirst(entry.keyPosition.column - 1)))
      let bare = rest.drop { $0 == "\"" || $0 == "'" }
      #expect(bare.hasPrefix(entry.key.prefix { $0.isASCII }), "seed \(seed): '\(entry.key)' at '\(rest)'")
      try check(entry.node, lines, seed)
    }
  }

  private func check(_ node: TOMLNode, _ lines: [Substring.UTF8View], _ seed: UInt64) throws {
    switch node.value {
    case .table(let entries): try check(entries, lines, seed)
    case .array(let elements): for element in elements { try check(element, lines, seed) }
    default: break
    }
  }
}

/// Writes valid TOML in every form that the grammar has, with keys that are never used twice.
private struct TOMLWriter {
  private var random: SeededGenerator
  private var count = 0

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func document() -> String {
    var text = pairs()
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let name = header()
      if Bool.random(using: &random) {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          text += "[[\(name)]]\(comment())\n" + pairs()
          if Bool.random(using: &random) { text += "[\(name).\(key())]\n" + pairs() }
        }
      } else {
        text += "\(blank())[\(blank())\(name)\(blank())]\(comment())\n" + pairs()
      }
    }
    return text
  }

  private mutating func header() -> String {
    (0..<Int.random(in: 1...3, using: &random)).map { _ in key() }.joined(separator: pick([".", " . "]))
  }

  private mutating func pairs() -> String {
    (0..<Int.random(in: 0...5, using: &random)).map { _ in
      "\(blank())\(header())\(blank())=\(blank())\(value(0))\(comment())\(pick(["\n", "\r\n", "\n\n"]))"
    }.joined()
  }

  private mutating func key() -> String {
    count += 1
    return pick(["k\(count)", "k-\(count)_", "\"k\(count) é.\\\"\\u00e9\"", "'k\(count) [\"]#='"])
  }

  private mutating func value(_ depth: Int) -> String {
    switch Int.random(in: 0...(depth < 3 ? 9 : 7), using: &random) {
    case 0: pick(["1", "0xFF", "-1_000", "1.5e3", "inf"])
    case 1: pick(["true", "false"])
    case 2: pick(["1979-05-27", "07:32:00", "1979-05-27 07:32:00Z", "1979-05-27T07:32:00.5-07:00"])
    case 3: pick(["\"a # \\\" \\\\\"", "\"\"", "\"[é]\""])
    case 4: pick(["'a # \\'", "''", "'\"{'"])
    case 5: pick(["\"\"\"\nx = 1\n[y]\n\"\" \\\"\"\"\"", "\"\"\"\"\"\"", "\"\"\"a\\\n  b\"\"\"\"\""])
    case 6: pick(["'''\nx = 1\n'' # \\'''", "''''''", "'''a'''''"])
    case 7: pick(["[]", "{}", "[ # ]\n]"])
    case 8: array(depth)
    default: inlineTable(depth)
    }
  }

  private mutating func array(_ depth: Int) -> String {
    let elements = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      pick(["", "\n ", " # [,\n"]) + value(depth + 1) + blank()
    }
    return "[\(elements.joined(separator: ","))\(pick(["", ",", ",\n", "\n"]))]"
  }

  private mutating func inlineTable(_ depth: Int) -> String {
    let pairs = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      "\(blank())\(header())\(blank())= \(value(depth + 1))"
    }
    return "{\(pairs.joined(separator: ","))\(blank())}"
  }

  private mutating func blank() -> String { pick(["", " ", "\t "]) }
  private mutating func comment() -> String { pick(["", " # é [x] = \"", ""]) }
  private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random)! }
}
