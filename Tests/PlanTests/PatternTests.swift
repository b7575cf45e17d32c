import Foundation
import Plan
import TestSupport
import Testing

@Suite("Patterns")
struct PatternTests {
  @Test(
    "A pattern matches a path as gitignore(5) says, anchored at the top",
    arguments: [
      ("CHANGELOG.md", "CHANGELOG.md", true),
      ("CHANGELOG.md", "packages/core/CHANGELOG.md", false),
      ("docs", "docs/index.md", false),
      ("docs/", "docs/index.md", true),
      ("docs/", "docs/adr/index.md", true),
      ("docs/", "docs", false),
      ("packages/*/package.json", "packages/core/package.json", true),
      ("packages/*/package.json", "packages/core/sub/package.json", false),
      ("*.ts", "a/b.ts", false),
      ("**/*.ts", "b.ts", true),
      ("**/*.ts", "a/b/c.ts", true),
      ("a/**", "a/b/c", true),
      ("a/**", "a", false),
      ("a/**/b", "a/b", true),
      ("a/**/b", "a/x/y/b", true),
      ("a/**/b/*.c", "a/b/x/b/z.c", true),
      ("**", "anything/at/all", true),
      ("a**b", "axxb", true),
      ("a**b", "ax/xb", false),
      ("?.ts", "a.ts", true),
      ("?.ts", "/.ts", false),
      ("?", "é", false),
      ("??", "é", true),
      ("[a-c].ts", "b.ts", true),
      ("[!a-c].ts", "b.ts", false),
      ("[^a-c].ts", "d.ts", true),
      ("[]-]", "]", true),
      ("[a-]", "-", true),
      (#"[\]]"#, "]", true),
      ("{a,b}.ts", "b.ts", true),
      ("{a,b/{c,d}}/e", "b/d/e", true),
      ("{a,b}.ts", "{a,b}.ts", false),
      ("a{,.d}.ts", "a.ts", true),
      ("a{,.d}.ts", "a.d.ts", true),
      ("[{,}]", ",", true),
      (#"\{a\,b}"#, "{a,b}", false),
      (#"\{a,b\}"#, "{a,b}", true),
      (#"a\*"#, "a*", true),
      (#"a\*"#, "ab", false),
      ("a,b", "a,b", true),
      ("cafe\u{301}", "caf\u{E9}", false),
    ])
  func matching(pattern: String, path: String, expected: Bool) {
    #expect(Pattern(pattern).matches(Array(path.utf8)) == expected)
  }

  @Test("A path that is not UTF-8 is matched byte by byte")
  func bytes() {
    let path = Array("src/".utf8) + [0xFF, 0xC3] + Array(".ts".utf8)
    #expect(Pattern("src/*.ts").matches(path))
    #expect(Pattern("src/??.ts").matches(path))
    #expect(Pattern(literal: path).text == "src/??.ts")
    #expect(Pattern(literal: path).matches(path))
  }

  @Test(
    "A pattern that cannot match, or would mean something else, has a fault and matches nothing",
    arguments: [
      ("", Pattern.Fault.empty), ("/a", .absolute), ("!a", .negated), ("a//b", .emptyComponent),
      ("a/../b", .dotComponent),
      ("./a", .dotComponent), ("[a", .unclosedSet), ("[a/b]", .unclosedSet), ("[b-a]", .reversedRange),
      ("[[:alpha:]]", .characterClass), ("{a,b", .unclosedAlternatives), ("a}", .unopenedAlternatives),
      (#"a\"#, .trailingBackslash), ("{,a}", .empty), (String(repeating: "{a,b}", count: 8), .tooManyAlternatives),
      (String(repeating: "{", count: 1000), .tooManyAlternatives),
    ])
  func faults(text: String, fault: Pattern.Fault) {
    #expect(Pattern(text).fault == fault)
    #expect(!Pattern(text).matches(Array(text.utf8)))
  }

  @Test(
    "A literal pattern matches its path and names it", arguments: ["a*b", "{x}", "!top", "a,b", #"c\d"#, "[id].ts"])
  func literal(path: String) {
    let pattern = Pattern(literal: Array(path.utf8))
    #expect(pattern.fault == nil)
    #expect(pattern.matches(Array(path.utf8)))
    #expect(pattern.literalPath ?? Array(path.utf8) == Array(path.utf8))
  }

  @Test(
    "Time is bounded whatever the pattern",
    arguments: [
      (String(repeating: "*a", count: 100) + "*b", String(repeating: "a", count: 4000)),
      (String(repeating: "**/", count: 100) + "b", String(repeating: "a/", count: 2000) + "c"),
      (String(repeating: "**/*a/", count: 100) + "b", String(repeating: "aa/", count: 1000) + "c"),
    ])
  func bounded(pattern: String, path: String) {
    let start = ContinuousClock.now
    #expect(!Pattern(pattern).matches(Array(path.utf8)))
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test(
    "Two patterns overlap when one path could match both",
    arguments: [
      ("a/*.ts", "a/b*", true), ("a/*.ts", "a/*.js", false), ("a/**", "**/b", true), ("a/**", "b/**", false),
      ("a/*/c", "a/b", false), ("[a-c]x", "[d-f]x", false), ("[a-d]x", "[d-f]x", true), ("{a,b}", "{b,c}", true),
      (".github/workflows/*.yml", ".github/workflows/ci.yml", true), ("a", "a", true), ("**/*.ts", "x/y/z.ts", true),
    ])
  func overlaps(left: Pattern, right: Pattern, expected: Bool) {
    #expect(left.overlaps(right) == expected)
    #expect(right.overlaps(left) == expected)
  }

  @Test("git picks the same files of its index", arguments: [11 as UInt64, 12, 13])
  func likeGit(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let paths = Set(
      (0..<120).map { _ in
        (0..<Int.random(in: 1...4, using: &random)).map { _ in
          (0..<Int.random(in: 1...3, using: &random)).map { _ in ["a", "b", ".", "x"].randomElement(using: &random)! }
            .joined()
        }.joined(separator: "/")
      }
    ).filter { path in !path.split(separator: "/").contains { $0.allSatisfy { $0 == "." } } }
    let files = paths.filter { path in !paths.contains { $0.hasPrefix(path + "/") } }.sorted()
    let repository = try IndexOnly(files)
    defer { repository.remove() }
    var compared = 0
    for _ in 0..<150 {
      let pattern = (0..<Int.random(in: 1...7, using: &random)).map { _ in
        ["a", "b", ".", "x", "*", "?", "/", "/", "**/", "/**", "[ab]", "[!a]", "[a-b]", #"\a"#].randomElement(
          using: &random)!
      }.joined()
      // A literal pathspec means a directory too; git reads two stars within a component by what a literal prefix leaves.
      guard Pattern(pattern).fault == nil, pattern.contains(where: { "*?[".contains($0) }), !pattern.hasSuffix("/"),
        pattern.split(separator: "/").allSatisfy({ $0 == "**" || !$0.contains("**") })
      else { continue }
      compared += 1
      let own = files.filter { Pattern(pattern).matches(Array($0.utf8)) }
      #expect(try repository.files(":(glob)\(pattern)") == own, "seed \(seed), pattern '\(pattern)'")
    }
    #expect(compared > 30)
  }
}

/// A repository that has nothing but entries in its index.
private struct IndexOnly {
  let directory: URL

  init(_ files: [String]) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "patterns-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    _ = try git(["init", "--quiet"])
    let entries = files.map { "100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\t\($0)\n" }.joined()
    _ = try git(["update-index", "--index-info"], input: entries)
  }

  func remove() { try? FileManager.default.removeItem(at: directory) }

  func files(_ pathspec: String) throws -> [String] {
    try git(["ls-files", "-z", "--", pathspec]).split(separator: "\0").map(String.init)
  }

  private func git(_ arguments: [String], input: String = "") throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = directory
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": directory.path(),
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "LC_ALL": "C",
    ]
    let standardInput = Pipe()
    let standardOutput = Pipe()
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: output, as: UTF8.self)
  }
}
