import Git
import Installation
import Plan
import Platform
import Policies
import TestSupport
import Testing

@Suite("Registering the merge driver")
struct DriverRegistrationTests {
  let repository: TestRepository
  let executables: ExecutableSet
  private let blobs = (1...2).map { ObjectID(hex: String(repeating: "0\($0)", count: 20))! }  // forty digits

  init() throws {
    repository = try TestRepository()
    executables = try makeExecutables(below: repository.surroundings / "prefix")
    try repository.commit(
      "feat: first",
      ["index.ts": "// export * from './a.js'\n// export * from './b.js'\n", "CHANGELOG.md": "\n", "x.lock": "1\n"])
  }

  private func plan(_ entries: (merge: Plan.SharedFiles.MergePolicy, paths: [Pattern])...) -> Plan {
    var plan = Plan()
    plan.shared = entries.map { entry in
      var files = Plan.SharedFiles()
      files.merge = entry.merge
      files.paths = entry.paths
      return files
    }
    return plan
  }

  @discardableResult
  private func install(
    _ plan: Plan, _ executables: ExecutableSet? = nil, in place: FilePath? = nil
  ) throws -> Installer.Report {
    try Installer(
      repository.open(in: place), executables: executables ?? self.executables, environment: repository.environment
    ).install(plan: plan, blob: blobs[0])
  }

  private func lines() throws -> [String] {
    try DriverRegistration(repository.open()).present()?.lines.map { "\($0.pattern) \($0.attribute)" } ?? []
  }

  private var file: FilePath { repository.path / ".git/info/attributes" }

  @Test("git calls the driver in every worktree, whatever is in its path", arguments: ["main", "linked"])
  func called(_ name: String) throws {
    let linked = try repository.addWorktree("linked", branch: "topic")
    let place = name == "main" ? repository.path : linked
    let odd = try makeExecutables(below: repository.surroundings / "it's 100%P new")
    try install(plan((.barrel, ["index.ts"])), odd, in: place)
    try repository.commit("feat: a", ["index.ts": "export * from './a.js'\n// export * from './b.js'\n"])
    try repository.commit(
      "feat: b", ["index.ts": "// export * from './a.js'\nexport * from './b.js'\n"], in: linked)
    try repository.git(["merge", "--quiet", "--no-edit", name == "main" ? "topic" : "main"], in: place)
    #expect(try repository.read("index.ts", in: place) == "export * from './a.js'\nexport * from './b.js'\n")
  }

  @Test("A driver that is gone leaves a conflict with both sides and markers", arguments: [true, false])
  func fallback(isGone: Bool) throws {
    try install(plan((.barrel, ["index.ts"])))
    if isGone {
      try executables.mergeDriver.remove()
    } else {
      repository.environment["PREFLIGHT_TEST_BROKEN_DRIVER"] = "1"
    }
    try repository.git(["branch", "topic"])
    try repository.commit("feat: a", ["index.ts": "a\n"])
    try repository.git(["switch", "--quiet", "topic"])
    try repository.commit("feat: b", ["index.ts": "b\n"])
    let outcome = try repository.attempt("git", ["merge", "main"])
    #expect(outcome.status == 1)
    #expect(try repository.read("index.ts") == "<<<<<<< ours\nb\n=======\na\n>>>>>>> theirs\n")
    #expect(try repository.git(["diff", "--name-only", "--diff-filter=U"]) == "index.ts")
  }

  @Test("What a path's attributes say of merging stays in force")
  func foreignDrivers() throws {
    try repository.commit(
      "chore: attributes", [".gitattributes": "CHANGELOG.md merge=union\nb.ts -merge\n*.json merge\n", "b.ts": ""])
    try repository.commit("chore: more", ["c.json": "{}", "d/e.md": "", "d/f.md": ""])
    let plan = plan((.text, ["d/e.md"]), (.changelog, ["**/*.md"]), (.manifest, ["c.json"]), (.barrel, ["*.ts"]))
    try install(plan)
    #expect(
      try lines() == [
        "**/*.md merge=preflight", "c.json merge=preflight", "*.ts merge=preflight", "c.json merge",
        "CHANGELOG.md merge=union", "b.ts -merge", "d/e.md !merge",
      ])
    let paths = ["CHANGELOG.md", "b.ts", "c.json", "index.ts", "d/e.md", "d/f.md"]
    let said = try repository.git(["check-attr", "merge", "--"] + paths.map { Argument($0) })
    #expect(
      said.split(separator: "\n").map { $0.split(separator: " ").last ?? "" }
        == ["union", "unset", "set", "preflight", "unspecified", "preflight"])
    let attributes = DriverAttributes(try repository.open().layout, git: try repository.open().git)
    #expect(
      try paths.map { try attributes.isOurs(Array($0.utf8)) } == [false, false, false, true, false, true])
  }

  @Test("A line that stands below ours goes before it")
  func overruled() throws {
    try install(plan((.changelog, ["*.md"])))
    try file.append(Array("CHANGELOG.md merge=union\n".utf8))
    let opened = try repository.open()
    let attributes = DriverAttributes(opened.layout, git: opened.git)
    #expect(try !attributes.isOurs(Array("CHANGELOG.md".utf8)))
    #expect(try attributes.isOurs(Array("other.md".utf8)))
  }

  @Test("Another plan changes the lines once it is there; the same one, and none, change nothing")
  func refreshed() throws {
    try install(plan((.changelog, ["CHANGELOG.md"])))
    let before = try file.contents()
    let registration = DriverRegistration(try repository.open())
    try registration.refresh(plan((.barrel, ["index.ts"])), blob: blobs[0])
    #expect(try file.contents() == before)
    try registration.refresh(plan((.barrel, ["index.ts"])), blob: blobs[1])
    #expect(try lines() == ["index.ts merge=preflight"])
    try registration.refresh(Plan(), blob: blobs[0])
    #expect(try file.contents().isEmpty)
  }

  @Test("Where nothing is installed a plan registers nothing")
  func notInstalled() throws {
    try DriverRegistration(repository.open()).refresh(plan((.barrel, ["index.ts"])), blob: blobs[0])
    #expect(!file.exists)
  }

  @Test(
    "Uninstalling takes out our own lines alone, and the file where there was none",
    arguments: [nil, "", "*.png binary\n", "*.png binary"])
  func uninstalled(_ text: String?) throws {
    try file.parent.removeRecursively()
    if let text { try repository.write(".git/info/attributes", text) }
    let before = try repository.snapshot(repository.path / ".git")
    try install(plan((.barrel, ["index.ts"])))
    try DriverRegistration(repository.open()).refresh(plan((.barrel, ["*.ts"])), blob: blobs[1])
    _ = try repository.uninstall()
    #expect(try repository.snapshot(repository.path / ".git") == before)
  }

  @Test("A file that came with a plan after installing is gone with it")
  func laterPlan() throws {
    _ = try repository.install(executables)
    try DriverRegistration(repository.open()).refresh(plan((.barrel, ["index.ts"])), blob: blobs[1])
    #expect(file.exists)
    _ = try repository.uninstall()
    #expect(!file.exists)
  }

  @Test("doctor merges for itself, and names what git would merge otherwise than the plan has it")
  func examined() throws {
    let plan = plan((.barrel, ["index.ts"]))
    try install(plan)
    func faults() throws -> [Fault] { try repository.examine(executables, plan: .read(plan, blob: blobs[0])).faults }
    #expect(try faults().isEmpty)
    repository.environment["PREFLIGHT_TEST_BROKEN_DRIVER"] = "1"
    #expect(try faults().map(\.kind) == [.driverFails])
    repository.environment["PREFLIGHT_TEST_BROKEN_DRIVER"] = nil
    try DriverRegistration(repository.open()).refresh(self.plan((.barrel, ["old.ts"])), blob: blobs[1])
    #expect(try faults().map(\.kind) == [.driverOutdated])
    #expect(
      try faults().map(\.text) == [
        "the shared files that git has merged by policy are not the plan's: 'index.ts' is missing, 'old.ts' is left over"
      ])
    try repository.git(["config", "--unset", Argument(DriverCommand.key)])
    #expect(try faults().map(\.kind) == [.driverMissing])
    try install(plan)
    #expect(try faults().isEmpty)
  }
}
