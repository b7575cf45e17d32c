import Git
import Platform
import TestSupport
import Testing

@Suite("The merge driver, under the real git")
struct MergeDriverTests {
  private let bothAlive = "export * from './a.js'\nexport * from './b.js'\nexport * from './c.js'\n"

  private func alive(_ module: String) -> String { "sed -i '/\(module).js/s|^// ||' src/index.ts" }

  private func commit(_ message: String) -> String { "git commit --quiet --all --message '\(message)'" }

  /// Trunk has brought one stub to life, and the stream the one on the next line.
  private func neighbours() throws -> MergeHive {
    let hive = try MergeHive()
    try hive.type("\(alive("b")) && \(commit("feat: b"))")
    try hive.type("\(alive("c")) && \(commit("feat: c"))", in: "one")
    return hive
  }

  @Test(
    "However git merges, the shared file is merged by its policy, and it is said once",
    arguments: [
      "git merge --no-edit main", "git rebase main", "git rebase --apply main", "git cherry-pick main",
      "git merge --squash main", "git format-patch --quiet -o patches main~1..main && git am -3 patches/*",
      "git reset -q HEAD~1 && git stash -q && git merge -q main && git stash pop",
      "git diff main~1 main >p && git apply --3way p",
    ])
  func everyWay(_ command: String) throws {
    let hive = try neighbours()
    let outcome = try hive.outcome(of: command, in: "one")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try hive.read("src/index.ts", in: "one") == bothAlive)
    let said = (outcome.standardError + outcome.standardOutput)
    #expect(said.ranges(of: "preflight: merged by policy barrel: src/index.ts\n").count == 1, "\(said)")
  }

  @Test("A revert takes back what it reverts, beside what has come since")
  func revert() throws {
    let hive = try MergeHive()
    try hive.type("\(alive("b")) && \(commit("feat: b")) && \(alive("c")) && \(commit("feat: c"))", in: "one")
    let outcome = try hive.outcome(of: "git revert --no-edit HEAD~1", in: "one")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(
      try hive.read("src/index.ts", in: "one")
        == bothAlive.replacing("export * from './b", with: "// export * from './b"))
  }

  @Test("A conflict has markers around the statement alone, and both sides of it")
  func conflict() throws {
    let hive = try MergeHive()
    try hive.type("\(alive("b")) && sed -i s/b.js/b.mjs/ src/index.ts && \(commit("feat: b"))")
    try hive.type(
      "\(alive("b")) && \(alive("c")) && sed -i s/b.js/b.cjs/ src/index.ts && \(commit("feat: b, c"))", in: "one")
    let outcome = try hive.outcome(of: "git merge main", in: "one")
    #expect(outcome.status == 1)
    #expect(
      try hive.read("src/index.ts", in: "one") == """
        export * from './a.js'
        <<<<<<< ours
        export * from './b.cjs'
        =======
        export * from './b.mjs'
        >>>>>>> theirs
        export * from './c.js'

        """)
    #expect(!outcome.standardError.contains("merged by policy"))
    try hive.type("git merge --abort && git config merge.conflictStyle diff3", in: "one")
    _ = try hive.outcome(of: "git merge main", in: "one")
    #expect(try hive.read("src/index.ts", in: "one").contains("||||||| base\n// export * from './b.js'\n=======\n"))
  }

  @Test("A file that is not what its policy expects is merged as text, and the reason is said")
  func refused() throws {
    let hive = try MergeHive(files: MergeHive.files.merging(["package.json": "{ 1\n2\n3\n4\n5\n"]) { $1 })
    try hive.type("sed -i s/1/one/ package.json && \(commit("fix: one"))")
    try hive.type("sed -i s/2/two/ package.json && \(commit("fix: two"))", in: "one")
    let outcome = try hive.outcome(of: "git merge main", in: "one")
    #expect(
      outcome.standardError
        == "preflight: merged as text, not by policy manifest: package.json: the file is not what its policy expects\n")
    #expect(outcome.status == 1)
    #expect(
      try hive.read("package.json", in: "one") == """
        <<<<<<< ours
        { 1
        two
        =======
        { one
        2
        >>>>>>> theirs
        3
        4
        5

        """)
  }

  @Test("A path with blanks and quotes, and bytes that are no UTF-8, is found in the plan")
  func oddPaths() throws {
    let plan = "[project]\ntrunk = \"main\"\n[[shared]]\npaths = [\"o d'd/*.ts\"]\nmerge = \"barrel\"\n"
    let hive = try MergeHive(plan: plan, files: ["a": ""])
    let name: [UInt8] = Array("o d'd/\"".utf8) + [0xff] + Array("$x.ts".utf8)
    func write(_ text: String, in stream: String?) throws {
      try hive.repository.write(FilePath(name), Array(text.utf8), in: stream.map(hive.place))
      try hive.type("git add --all && git commit --quiet --message 'feat: \(text.utf8.count)'", in: stream)
    }
    try write("// export * from './b.js'\n// export * from './c.js'\n", in: nil)
    try hive.type("git merge --quiet main", in: "one")
    try write("export * from './b.js'\n// export * from './c.js'\n", in: nil)
    try write("// export * from './b.js'\nexport * from './c.js'\n", in: "one")
    let outcome = try hive.outcome(of: "git merge --no-edit main", in: "one")
    #expect(outcome.status == 0, "\(outcome)")
    let merged = try hive.place("one").appending(name).contents()
    #expect(merged == Array("export * from './b.js'\nexport * from './c.js'\n".utf8))
    #expect(outcome.standardError == #"preflight: merged by policy barrel: o d'd/"\xff$x.ts"# + "\n")
  }

  @Test("Two files that were added side by side are one")
  func addAdd() throws {
    var files = MergeHive.files
    files["src/index.ts"] = nil
    let hive = try MergeHive(files: files)
    try hive.type("mkdir src && echo \"export * from './a.js'\" >src/index.ts && git add src && \(commit("feat: a"))")
    try hive.type(
      "mkdir src && echo \"export * from './b.js'\" >src/index.ts && git add src && \(commit("feat: b"))", in: "one")
    #expect(try hive.outcome(of: "git merge --no-edit main", in: "one").status == 0)
    #expect(try hive.read("src/index.ts", in: "one") == "export * from './a.js'\nexport * from './b.js'\n")
  }

  @Test(
    "In a criss-cross merge nothing is said of the bases' merge, and no marker of it comes out",
    arguments: [true, false])
  func crissCross(agree: Bool) throws {
    let hive = try MergeHive()
    let edit = "sed -i s/b.js/b.mjs/ src/index.ts"
    let other = "sed -i s/b.js/b.cjs/ src/index.ts"
    try hive.type("\(edit) && \(commit("feat: one"))")
    try hive.type("\(other) && \(commit("feat: two"))", in: "one")
    // Each merges the other's first commit by hand: two merge bases, which conflict.
    let text = { (module: String) in
      "printf \"export * from './a.js'\\n// export * from './\(module)'\\n\" >src/index.ts"
    }
    try hive.type("git branch old-main && (git merge -q one || true) && \(text("b.js")) && \(commit("merge"))")
    try hive.type(
      "(git merge -q old-main || true) && \(text(agree ? "b.js" : "c.js")) && \(commit("merge"))", in: "one")
    let outcome = try hive.outcome(of: "git merge --no-edit main", in: "one")
    let merged = try hive.read("src/index.ts", in: "one")
    #expect(outcome.status == (agree ? 0 : 1), "\(outcome)\n\(merged)")
    #expect(!merged.contains("<<<<<<<<"))
    if !agree {
      #expect(
        merged == """
          export * from './a.js'
          <<<<<<< ours
          // export * from './c.js'
          =======
          // export * from './b.js'
          >>>>>>> theirs

          """)
    }
  }

  @Test("Without a plan, on trunk or here, the file is merged as text, and nothing is lost")
  func noPlan() throws {
    let hive = try neighbours()
    for stream in [nil, "one"] {
      try hive.type("git rm --quiet preflight.toml && git commit --quiet --message 'chore: no plan'", in: stream)
    }
    let outcome = try hive.outcome(of: "git merge main", in: "one")
    #expect(outcome.status == 1)
    #expect(try hive.read("src/index.ts", in: "one").contains(">>>>>>> theirs\n"))
  }

  @Test("A plan with faults merges as text, and says so")
  func faultyPlan() throws {
    let hive = try neighbours()
    try hive.type("echo 'x = 1' >>preflight.toml && \(commit("chore: break the plan"))")
    let outcome = try hive.outcome(of: "git merge main", in: "one")
    #expect(outcome.status == 1)
    #expect(outcome.standardError.contains("preflight: merged as text, for the plan cannot be read: "))
    #expect(try hive.read("src/index.ts", in: "one").contains(">>>>>>> theirs\n"))
  }

  @Test("A path whose attributes name another driver is that driver's")
  func foreignDriver() throws {
    let hive = try neighbours()
    try hive.type("echo '*.ts merge=union' >>.git/info/attributes")
    let outcome = try hive.outcome(of: "git merge --no-edit main", in: "one")
    #expect(outcome.status == 0)
    #expect(try hive.read("src/index.ts", in: "one") != bothAlive)
    #expect(!outcome.standardError.contains("preflight"))
  }

  @Test("Wrong usage is a failure, never a conflict or a merge")
  func usage() throws {
    let driver = try BuiltProducts.executable("preflight-merge")
    let repository = try TestRepository()
    for arguments in [[], ["a", "b", "c", "x", "p"], ["a", "b", "c", "0", "p"]] as [[Platform.Argument]] {
      #expect(try repository.attempt(driver, arguments).status == 2)
    }
    #expect(try repository.attempt(driver, ["no", "such", "file", "7", "p"]).status == 2)
  }

  @Test("Outside of any repository a file is merged as text")
  func noRepository() throws {
    let directory = try TemporaryDirectory()
    for (name, text) in [("o", "1\n"), ("a", "2\n"), ("b", "3\n")] {
      try (directory.path / name).write(Array(text.utf8))
    }
    let driver = try BuiltProducts.executable("preflight-merge")
    let request = ProcessRequest(
      driver, ["o", "a", "b", "9", "index.ts", "", "HEAD", "topic"],
      environment: sealedEnvironment(home: directory.path), directory: directory.path)
    #expect(try ChildProcess.run(request).exitStatus == 1)
    #expect(
      String(decoding: try (directory.path / "a").contents(), as: UTF8.self)
        == "<<<<<<<<< HEAD\n2\n=========\n3\n>>>>>>>>> topic\n")
  }
}

@Suite("Bad input to the merge driver")
struct MergeDriverBadInputTests {
  private struct Case: CustomTestStringConvertible {
    let name: String
    let path: String
    let base: String
    let ours: String
    let theirs: String
    /// Why the policy has left it to lines.
    let reason: String

    var testDescription: String { name }
  }

  private static let million = String(repeating: "export * from './a'\n", count: 1_000_000)
  private static let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)

  private static let cases = [
    Case(
      name: "50 MB", path: "CHANGELOG.md", base: "a\n" + String(repeating: "0123456789abcde\n", count: 3_300_000),
      ours: "b\n" + String(repeating: "0123456789abcde\n", count: 3_300_000),
      theirs: "c\n" + String(repeating: "0123456789abcde\n", count: 3_300_000),
      reason: "the file is too large to be read by meaning"),
    Case(
      name: "a million lines", path: "src/index.ts", base: "export * from './x'\n" + million,
      ours: "export * from './y'\n" + million, theirs: "export * from './z'\n" + million,
      reason: "the file is too large to be read by meaning"),
    Case(
      name: "deep JSON", path: "package.json", base: deep + "\n", ours: "\n" + deep + "\n", theirs: " " + deep + "\n",
      reason: "the file is nested too deeply"),
    Case(
      name: "conflict markers", path: "src/index.ts", base: "export * from './a'\n",
      ours: "<<<<<<< a\nexport * from './b'\n=======\nexport * from './c'\n>>>>>>> c\n",
      theirs: "export * from './d'\n", reason: "the file has conflict markers in it already"),
    Case(
      name: "a barrel that is none", path: "src/index.ts", base: "let a = 1\n", ours: "let a = 2\n",
      theirs: "let a = 3\n", reason: "the file is not what its policy expects"),
    Case(
      name: "a key twice", path: "package.json", base: "{ \"a\": 1, \"a\": 2 }\n", ours: "{ \"a\": 1, \"a\": 3 }\n",
      theirs: "{ \"a\": 1, \"a\": 4 }\n", reason: "a name stands in it twice"),
  ]

  @Test("Is refused with a sentence and merged as text, and every line of both sides is there", arguments: cases)
  private func refused(_ bad: Case) throws {
    let hive = try MergeHive()
    let one = hive.place("one")
    try hive.repository.write(bad.path, bad.base)
    try hive.type(
      "git commit --quiet --all --message 'feat: base' && git branch --force other && git -C ../one merge -q main")
    try hive.repository.write(bad.path, bad.theirs)
    try hive.type("git commit --quiet --all --message 'feat: theirs'")
    try hive.repository.write(bad.path, bad.ours, in: one)
    try hive.type("git commit --quiet --all --message 'feat: ours'", in: "one")
    let outcome = try hive.outcome(of: "git merge main", in: "one")
    #expect(outcome.status == 1)
    #expect(outcome.standardError.contains(": \(bad.path): \(bad.reason)\n"), "\(outcome)")
    let merged = Set(try hive.read(bad.path, in: "one").utf8.split(separator: UInt8(ascii: "\n")).map(Array.init))
    for side in [bad.ours, bad.theirs] {
      #expect(side.utf8.split(separator: UInt8(ascii: "\n")).allSatisfy { merged.contains(Array($0)) })
    }
  }
}
