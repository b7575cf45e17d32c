import Platform
import TestSupport
import Testing

@Suite("preflight stubs")
struct StubsCommandTests {
  private func stubs(_ hive: ArmedHive, _ arguments: String = "") throws -> CommandOutcome {
    try hive.outcome(of: "preflight stubs \(arguments)", in: hive.trunk)
  }

  @Test("Every stub is listed with its stream and what became of it")
  func list() throws {
    let hive = try ArmedHive()
    try hive.arrange(
      """
      sed -i "s|^// \\(export.*second\\)|\\1|" src/index.ts && git commit -q -a -m 'feat: the second (ABC-2)'
      """, in: hive.two)
    try hive.arrange(
      """
      printf "\\n// Fourth (ABC-99)\\n// export * from './fourth.js'\\n// export * from './types.js'\\n" >>src/index.ts
      git commit -q -a -m 'chore: more stubs'
      """, in: hive.trunk)
    let outcome = try stubs(hive)
    #expect(
      outcome.standardOutput == """
        stub         stream  state     where
        ./first.js   one     reserved  src/index.ts:4
        ./second.js  two     live      src/index.ts:7
        ./loose.js   -       unowned   src/index.ts:9
        ./fourth.js  -       gone      src/index.ts:12
        ./types.js   -       twin      src/index.ts:13\n
        """)
    #expect(outcome.standardError.contains("hint: to clear away 2 dead stubs: preflight stubs prune"))
    let json = try stubs(hive, "--json").standardOutput
    #expect(
      json.hasPrefix(
        #"{"version":1,"stubs":[{"module":"./first.js","path":"src/index.ts","line":4,"streams":["one"],"state":"reserved","dead":false}"#
      ))
  }

  @Test("A merged stream's stub is dead, and pruning takes it out with its comment; a barrel with edits is left alone")
  func prune() throws {
    let hive = try ArmedHive()
    try hive.arrange("echo 2 >two/kept && git commit -q -a -m 'feat: the second (ABC-2)'", in: hive.two)
    try hive.arrange("git merge -q --no-ff two -m \"Merge branch 'two'\"", in: hive.trunk)
    #expect(try stubs(hive).standardOutput.contains("./second.js  two     merged    src/index.ts:7"))
    try hive.arrange("echo '// edited' >>src/index.ts", in: hive.trunk)
    let refused = try stubs(hive, "prune")
    #expect(refused.status == 2)
    #expect(refused.standardError.contains("'src/index.ts' has uncommitted changes: nothing was removed"))
    try hive.arrange("git checkout -q -- src/index.ts", in: hive.trunk)
    let pruned = try stubs(hive, "prune")
    #expect(pruned.standardOutput == "removed ./second.js (merged) from src/index.ts\n")
    #expect(
      try hive.trunk.appending("src/index.ts").contents()
        == Array(ArmedHive.barrel.replacing("// Second (ABC-2)\n// export * from './second.js'\n\n", with: "").utf8))
    #expect(try stubs(hive, "prune").standardError.contains("uncommitted") == false)
  }

  @Test("A block for a stream is written in the seed's form, and each module once")
  func add() throws {
    let hive = try ArmedHive()
    let added = try stubs(hive, "add --stream one ./database/migration.js ./database/schema.js")
    #expect(added.standardOutput == "reserved 2 modules for one in src/index.ts\n")
    let block = """

      // First (ABC-1) - to be implemented
      // export * from './database/migration.js'
      // export * from './database/schema.js'\n
      """
    #expect(try hive.trunk.appending("src/index.ts").contents() == Array((ArmedHive.barrel + block).utf8))
    let again = try stubs(hive, "add --stream one ./database/schema.js")
    #expect(again.status == 2)
    #expect(again.standardError.contains("'./database/schema.js' stands at line 13 of 'src/index.ts' already"))
    #expect(try stubs(hive, "add --stream nobody ./x.js").standardError.contains("the plan has no stream 'nobody'"))
    #expect(try stubs(hive).standardOutput.contains("./database/schema.js     one     reserved  src/index.ts:13"))
  }

  @Test("Where the barrel is not there yet, the sentence says how to begin it, and a wrong name what there is")
  func addToNone() throws {
    let hive = try ArmedHive()
    let wrong = try stubs(hive, "add --stream one --barrel src/idnex.ts ./schema.js")
    #expect(
      wrong.standardError.hasSuffix("'src/idnex.ts' is no shared barrel here\nhint: --barrel one of src/index.ts\n"))
    try hive.arrange("git rm -q src/index.ts && git commit -q -m 'refactor: drop the barrel'", in: hive.trunk)
    let none = try stubs(hive, "add --stream one ./schema.js")
    #expect(none.status == 2)
    let hint = try #require(none.hints.first)
    #expect(hint == "touch src/index.ts")
    try hive.arrange("mkdir -p src && \(hint)", in: hive.trunk)
    #expect(try stubs(hive, "add --stream one ./schema.js").status == 0)
    #expect(
      try hive.trunk.appending("src/index.ts").contents()
        == Array("// First (ABC-1) - to be implemented\n// export * from './schema.js'\n".utf8))
  }

  @Test(
    "A stream whose issues are done is reminded of its stub, until it is brought to life or trunk exports the module")
  func unfinished() throws {
    let hive = try ArmedHive()
    func findings() throws -> [String] {
      try hive.outcome(of: "preflight --no-commands", in: hive.one).findings(of: "exports.unfinished")
    }
    try hive.arrange("echo 2 >one/kept && git commit -q -a -m 'feat: begin'", in: hive.one)
    #expect(try findings().isEmpty)
    try hive.arrange("echo 3 >one/kept && git commit -q -a -m 'feat: finish (ABC-1)'", in: hive.one)
    #expect(
      try findings() == [
        "src/index.ts:4: warning: './first.js' is still a stub, and every issue of one (First) is done [exports.unfinished]"
      ])
    try hive.arrange(
      """
      sed -i "s|^// \\(export.*first\\)|\\1|" src/index.ts && echo 'export {}' >src/first.ts
      git add -A && git commit -q -m 'feat: export it (ABC-1)'
      """, in: hive.one)
    #expect(try findings().isEmpty)
  }

  @Test("finish judges as for a stream that is ready, before it pushes and says so (only the next command did)")
  func finishWithStub() throws {
    let hive = try ArmedHive(rules: "\"exports.unfinished\" = \"error\"")
    try hive.arrange("echo 2 >one/kept && git commit -q -a -m 'feat: begin'", in: hive.one)
    #expect(try hive.outcome(of: "preflight --no-commands", in: hive.one).findings(of: "exports.unfinished").isEmpty)
    let outcome = try hive.outcome(of: "preflight finish", in: hive.one)
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.findings(of: "exports.unfinished").count == 1, "\(outcome)")
    #expect(try hive.type("git ls-remote origin one", in: hive.one).isEmpty)
    #expect(try !hive.type("preflight log", in: hive.one).contains("ready"))
  }

  @Test("A stream that says it is ready is reminded of its stub, as long as it has that work")
  func ready() throws {
    let hive = try ArmedHive()
    func findings() throws -> [String] {
      try hive.outcome(of: "preflight --no-commands", in: hive.one).findings(of: "exports.unfinished")
    }
    try hive.arrange("echo 2 >one/kept && git commit -q -a -m 'feat: begin' && preflight signal ready", in: hive.one)
    #expect(
      try findings() == [
        "src/index.ts:4: warning: './first.js' is still a stub, and one (First) says that it is ready [exports.unfinished]"
      ])
    try hive.arrange("echo 3 >one/kept && git commit -q -a -m 'feat: go on'", in: hive.one)
    #expect(try findings().isEmpty)
  }
}
