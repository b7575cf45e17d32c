import Foundation
import Git
import Platform
import Testing

@testable import Checks

private let tree = ObjectID(hex: String(repeating: "1", count: 40))!  // 40 digits are an object's name

@Suite("Placeholders")
struct PlaceholdersTests {
  let placeholders = Placeholders(
    worktree: FilePath([0x2f, 0xff, 0x20]), stream: Array("ws1".utf8), branch: Array("{stream}".utf8), base: nil)

  @Test("Each is filled in wherever it stands, byte by byte, and what it stands for is not looked at again")
  func filling() throws {
    let words = try placeholders.filling(["a", "--dir={worktree}/x", "{branch}{stream}", ""])
    #expect(
      words.map(\.bytes) == [
        Array("a".utf8), Array("--dir=".utf8) + [0x2f, 0xff, 0x20] + Array("/x".utf8), Array("{stream}ws1".utf8), [],
      ])
  }

  @Test(
    "Any other brace stays as it is", arguments: ["{}", "{ stream }", "{Stream}", "${HOME}", "{streams}", "{stream"])
  func otherBraces(word: String) throws {
    #expect(try placeholders.filling([word]) == [Argument(word)])
  }

  @Test("One that stands for nothing is an error that names it")
  func unfilled() {
    let error = #expect(throws: Placeholders.Unfilled.self) { try placeholders.filling(["x", "{base}"]) }
    #expect(error?.description == "'{base}' stands for nothing here")
  }
}

@Suite("What a pass is remembered by")
struct CheckKeyTests {
  let request = CheckRequest(
    "tests", ["npm", "test", "{worktree}"], in: Placeholders(worktree: "/a", branch: [1]),
    environment: Environment(["MODE": "x", "OTHER": "y"]), variables: ["MODE"], tree: tree)

  private func changed(_ change: (inout CheckRequest) -> Void) -> String? {
    var other = request
    change(&other)
    return other.key
  }

  @Test("Neither the directory nor the name nor what it does not name matters")
  func same() throws {
    let key = try #require(request.key)
    #expect(changed { $0.placeholders.worktree = "/b" } == key)
    #expect(changed { $0.directory = "/b" } == key)
    #expect(changed { $0.name = "all tests" } == key)
    #expect(changed { $0.environment["OTHER"] = "z" } == key)
    #expect(changed { $0.placeholders.branch = [2] } == key)
    #expect(changed { $0.variables = ["MODE", "MODE"] } == key)
  }

  @Test("The tree, the command, its placeholders and the variables that it names do")
  func different() {
    let keys = [
      request.key,
      changed { $0.tree = ObjectID(hex: String(repeating: "2", count: 40)) },
      changed { $0.command = ["npm", "test {worktree}"] },
      changed { $0.command[1] = "lint" },
      changed { $0.command.append("{branch}") },
      changed {
        $0.command.append("{branch}")
        $0.placeholders.branch = [2]
      },
      changed { $0.environment["MODE"] = "z" },
      changed { $0.environment["MODE"] = "" },
      changed { $0.environment["MODE"] = nil },
      changed { $0.variables = [] },
      changed { $0.variables = ["MODE", "OTHER"] },
    ]
    #expect(!keys.contains(nil))
    #expect(Set(keys).count == keys.count)
  }

  @Test("Without a tree nothing is remembered")
  func noTree() { #expect(changed { $0.tree = nil } == nil) }
}

@Suite("The memory of passes")
struct ResultMemoryTests {
  private func request(_ name: String) -> CheckRequest {
    CheckRequest(name, [name], in: Placeholders(worktree: "/a"), environment: Environment(), tree: tree)
  }

  @Test("A pass is remembered with its time, another check is not")
  func remembered() throws {
    try withTemporaryDirectory { directory in
      let memory = ResultMemory(common: directory)
      #expect(memory.pass(of: request("a")) == nil)
      memory.record(request("a"), at: 1_700_000_000)
      #expect(memory.pass(of: request("a")) == 1_700_000_000)
      #expect(memory.pass(of: request("b")) == nil)
    }
  }

  @Test(
    "What is damaged is not remembered",
    arguments: ["", "passed", "passed {key} 12", "passed other 12\n", "failed {key} 1\n"])
  func damaged(text: String) throws {
    try withTemporaryDirectory { directory in
      let memory = ResultMemory(common: directory)
      memory.record(request("a"), at: 1)
      let files = directory / "preflight/checks"
      let name = try #require(try files.entries().first)
      let contents = text.replacingOccurrences(of: "{key}", with: name.description)
      try (files / name.description).write(Array(contents.utf8))
      #expect(memory.pass(of: request("a")) == nil)
    }
  }

  @Test("Only the newest are kept")
  func pruned() throws {
    try withTemporaryDirectory { directory in
      let memory = ResultMemory(common: directory, capacity: 3)
      for number in 1...5 {
        memory.record(request("\(number)"), at: Int64(number))
        Clock.sleep(seconds: 0.02)  // told apart by the time of their files
      }
      #expect((1...5).map { memory.pass(of: request("\($0)")) } == [nil, nil, 3, 4, 5])
    }
  }

  @Test("A place that cannot be written is no failure")
  func unwritable() throws {
    try withTemporaryDirectory { directory in
      try (directory / "preflight").write([])
      let memory = ResultMemory(common: directory)
      memory.record(request("a"), at: 1)
      #expect(memory.pass(of: request("a")) == nil)
    }
  }
}
