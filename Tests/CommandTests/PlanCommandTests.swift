import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight init, plan check and try")
struct PlanCommandTests {
  private static let typeScript = [
    "src/index.ts": "export * from './a.js'\n// export * from './b.js'\n", "src/a.ts": "export const a = 1\n",
    "package.json": "{}\n", "packages/x/package.json": "{}\n", "packages/y/package.json": "{}\n",
    "package-lock.json": "{}\n", "CHANGELOG.md": "# Changelog\n",
  ]

  @Test("init writes a plan that plan check finds no fault with, says what is next, and never writes over one")
  func initialPlan() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", Self.typeScript)
    for number in 1...3 { try repository.commit("release: 1.\(number)") }
    try repository.commit("chores: twice")
    try repository.commit("chores: only")
    let one = try repository.addWorktree("trees/one", branch: "feature/one")
    try repository.addWorktree("trees/two", branch: "feature/two")
    #expect(
      try repository.preflight("init", in: one)
        == CommandOutcome(
          status: 0,
          standardOutput: """
            wrote preflight.toml: 1 barrel, 1 changelog, 2 manifest patterns, 1 lock file, 2 streams
            next: give the streams their files and issues in it, then
              preflight plan check
              git add preflight.toml && git commit -m 'chore: add the plan', on 'main': hooks read it there
              preflight install
              preflight try

            """, standardError: ""))
    let text = try repository.read("preflight.toml", in: one)
    for line in [
      #"types = ["feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert", "release"]"#,
      #"paths = ["src/index.ts"]"#, #"paths = ["CHANGELOG.md"]"#,
      #"paths = ["package.json", "packages/*/package.json"]"#,
      #"run = ["npm", "install", "--package-lock-only"]"#, "[streams.one]", #"branch = "feature/two""#, #"dir = "two""#,
    ] {
      #expect(text.contains("\(line)\n"), "\(line)")
    }
    #expect(text.contains(#"dir = "../trees" "#))
    let check = try repository.preflight("plan", "check", in: one)
    #expect(check.status == 0)
    #expect(check.standardOutput == "preflight.toml: no faults: 2 streams, 0 issues, 5 shared patterns\n")
    #expect(check.standardError.isEmpty)
    #expect(
      try repository.preflight("init", in: one)
        == CommandOutcome(
          status: 2, standardOutput: "",
          standardError: """
            preflight: error: '\(one)/preflight.toml' is there already, and was left as it is
            hint: preflight plan check

            """))
    #expect(try repository.read("preflight.toml", in: one) == text)
  }

  @Test("Where trunk has a plan, init says how to get it")
  func planOnTrunk() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    let one = try repository.addWorktree("one", branch: "one")
    try repository.commit("chore: plan", ["preflight.toml": ""])
    let outcome = try repository.preflight("init", in: one)
    #expect(
      outcome
        == CommandOutcome(
          status: 2, standardOutput: "",
          standardError: """
            preflight: error: trunk has a preflight.toml already, which holds here, too
            hint: to have it in this worktree: git checkout main -- preflight.toml

            """))
    try repository.git(["checkout", "main", "--", "preflight.toml"], in: one)
  }

  @Test("plan check says everything at once, text and patterns alike, with what is nearest")
  func faults() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["src/database/x.ts": "", "src/new.ts": ""])
    try repository.write(
      "preflight.toml",
      """
      [projct]
      [streams.a]
      branch = "a"
      files = ["src/databse/**", { path = "later/**", new = true }]
      """)
    try repository.write("sub/x", "")
    let outcome = try repository.preflight("plan", "check", in: repository.path / "sub")
    #expect(outcome.status == 1)
    #expect(
      outcome.standardError == """
        ../preflight.toml:1:2: error: unknown key 'projct' in the plan; did you mean 'project'?
        hint: known keys: project, commits, rules, sync, worktree, shared, checks, after-sync, launch, finish, merge, notify, hive, rounds, streams
        ../preflight.toml:4:10: warning: pattern 'src/databse/**' matches nothing on trunk; did you mean 'src/database/**'?
        hint: for files that are still to be made write { path = "src/databse/**", new = true }

        """)
    #expect(outcome.standardOutput == "../preflight.toml: 1 error, 1 warning\n")
    let json = try repository.preflight("plan", "check", "--format", "json", "preflight.toml")
    #expect(json.status == 1)
    #expect(json.standardError == "")
    #expect(
      json.standardOutput.hasPrefix(
        #"{"version":1,"faults":[{"path":"preflight.toml","line":1,"column":2,"severity":"error","#))
  }

  @Test("Without a plan, plan check names init")
  func noPlan() throws {
    let repository = try TestRepository()
    let outcome = try repository.preflight("plan", "check")
    #expect(outcome.status == 2)
    #expect(
      outcome.standardError == """
        preflight: error: there is no '\(repository.path)/preflight.toml'
        hint: preflight init

        """)
  }

  @Test("try names what would have been refused, and with the settings that it prints nothing is")
  func trial() throws {
    let repository = try TestRepository()
    try repository.commit("feat: start")
    try repository.commit("release: 1.0")
    try repository.commit("Did something")
    try repository.commit("Merge branch 'x' of nowhere")
    let outcome = try repository.preflight("try", "--last", "3")
    let ids = try ["main", "main~1", "main~2"].map { try repository.tip($0).description.prefix(10) }
    #expect(
      outcome
        == CommandOutcome(
          status: 0,
          standardOutput: """
            3 messages of 'main' judged by the default rules: 3 would have been refused

            rule             commits  would be  such as
            message.grammar        2  refused   \(ids[0]) Merge branch 'x' of nowhere
                                                \(ids[1]) Did something
            message.type           1  refused   \(ids[2]) release: 1.0

            with this in preflight.toml they pass:
            [commits]
            types = ["feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert", "release"]
            [rules]
            "message.grammar" = "warn"

            """, standardError: ""))
    let settings = outcome.standardOutput.components(separatedBy: "they pass:\n")[1]
    try repository.write("preflight.toml", settings)
    #expect(
      try repository.preflight("try").standardOutput.hasPrefix(
        "4 messages of 'main' judged by the plan's rules: 0 would have been refused\n"))
  }
}
