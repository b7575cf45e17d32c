import Git
import Merging
import Plan
import Platform
import TestSupport
import Testing

@testable import Policies

@Suite("One way to merge a shared file")
struct SharedFileMergeTests {
  let repository: TestRepository

  init() throws { repository = try TestRepository() }

  private func merge(
    _ policy: Plan.SharedFiles.MergePolicy, _ base: String, _ ours: String, _ theirs: String, path: String = "index.ts",
    style: ConflictStyle = .standard, trunk: String? = nil
  ) throws -> SharedFileMerge.Outcome {
    var files = Plan.SharedFiles()
    files.merge = policy
    return try SharedFileMerge(files, git: repository.open().git).merge(
      base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8), path: Array(path.utf8), style: style,
      trunk: { () throws(GitError) in trunk.map { Array($0.utf8) } })
  }

  private let stubs = "export * from './a.js'\n// export * from './b.js'\n// export * from './c.js'\n"

  private func alive(_ module: String) -> String {
    stubs.replacing("// export * from './\(module).js'", with: "export * from './\(module).js'")
  }

  @Test("A policy decides where lines conflict, and says so")
  func policy() throws {
    let outcome = try merge(.barrel, stubs, alive("b"), alive("c"))
    #expect(outcome.merged.map { String(decoding: $0, as: UTF8.self) } == stubs.replacing("// ", with: ""))
    #expect(outcome.policy == .barrel)
    #expect(try merge(.text, stubs, alive("b"), alive("c")).merged == nil)
  }

  @Test("What lines alone tell is not said to be a policy's")
  func lines() throws {
    let base = "export * from './a.js'\n\n// x\n\nexport * from './b.js'\n"
    let outcome = try merge(.barrel, base, "// y\n" + base, base + "// z\n")
    #expect(outcome.merged == Array("// y\n\(base)// z\n".utf8))
    #expect(outcome.policy == .text)
    #expect(outcome.decisions.isEmpty)
  }

  @Test("Where several pairings of lines are possible, git pairs them")
  func ambiguous() throws {
    let base = "a\n}\nb\n}\nc\n}\n"
    let outcome = try merge(.text, base, "a\n}\nx\n}\n" + base.dropFirst(4), base + "}\n")
    #expect(outcome.merged != nil)
  }

  @Test("A refusal of a policy is a merge as text, with the reason")
  func refusal() throws {
    let outcome = try merge(.barrel, "one\n", "two\n", "three\n")
    #expect(outcome.content == .conflict(Array("<<<<<<< ours\ntwo\n=======\nthree\n>>>>>>> theirs\n".utf8)))
    #expect(outcome.policy == .text)
    #expect(outcome.refusal == .malformed)
  }

  @Test("Markers have the length and the labels that are asked for")
  func style() throws {
    let style = ConflictStyle(
      markerLength: 32, oursLabel: Array("HEAD".utf8), theirsLabel: Array("topic (feat: x)".utf8))
    for policy in [Plan.SharedFiles.MergePolicy.text, .manifest] {
      let outcome = try merge(
        policy, "{ \"a\": 1 }\n", "{ \"a\": 2 }\n", "{ \"a\": 3 }\n", path: "package.json", style: style)
      #expect(
        outcome.content
          == .conflict(
            Array(
              """
              \(String(repeating: "<", count: 32)) HEAD
              { "a": 2 }
              \(String(repeating: "=", count: 32))
              { "a": 3 }
              \(String(repeating: ">", count: 32)) topic (feat: x)

              """.utf8)), "\(policy)")
    }
  }

  @Test("Binary files are not merged")
  func binary() throws {
    #expect(try merge(.text, "a\0", "b\0", "c\0").content == .binary)
    let outcome = try merge(.barrel, "a\0", "b\0", "c\0")
    #expect(outcome.content == .binary)
    #expect(outcome.refusal == .binary)
  }

  @Test("A file that is made anew is trunk's, whichever side that is, or neither; without trunk's, lines tell")
  func regenerate() throws {
    for (ours, theirs) in [("t\n", "x\n"), ("x\n", "t\n"), ("x\n", "y\n")] {
      let outcome = try merge(.regenerate, "b\n", ours, theirs, path: "a.lock", trunk: "t\n")
      #expect(outcome.merged == Array("t\n".utf8))
      #expect(outcome.policy == .regenerate)
    }
    #expect(try merge(.regenerate, "b\n", "x\n", "y\n", path: "a.lock").merged == nil)
  }

  @Test("Files beyond what is read by meaning are git's, byte for byte")
  func large() throws {
    let middle = String(repeating: "0123456789abcde\n", count: 600_000)
    let outcome = try merge(.barrel, "a\n\(middle)b\n", "A\n\(middle)b\n", "a\n\(middle)B\n")
    #expect(outcome.merged == Array("A\n\(middle)B\n".utf8))
    #expect(outcome.refusal == .tooLarge)
    let conflict = try merge(.manifest, "a\n\(middle)", "A\n\(middle)", "B\n\(middle)", path: "package.json")
    #expect(
      conflict.content
        == .conflict(Array("<<<<<<< ours\nA\n=======\nB\n>>>>>>> theirs\n\(middle)".utf8)))
  }
}
