import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight next")
struct NextCommandTests {
  @Test("It tells what may merge, what waits and for what, from commits alone")
  func facts() throws {
    let hive = try PlannedHive()
    #expect(
      try hive.say("next", in: hive.a) == """
        nothing may merge now
        a: no commits of its own yet
        b: no commits of its own yet
        critical path: T-1 -> T-2 -> T-3

        """)
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "1\n"], in: hive.a)
    try hive.repository.commit("feat: three (T-3)", ["beta/y": "1\n"], in: hive.b)
    #expect(
      try hive.say("next", in: hive.b) == """
        may merge now  issues  priority  wait for it  conflicts  checks  weight
        a              T-1            2            2          0  -           10
        weight = 3 x priority + 2 x issues that wait for it - 2 x conflicts + 1 if its checks passed, - 4 if they failed
        b: T-3: waits for T-2 of a (Alpha)
        critical path: T-1 -> T-2 -> T-3

        """)
    try hive.repository.git(["merge", "--quiet", "--no-ff", "-m", "Merge branch 'stream/a'", "stream/a"])
    _ = try hive.say("done", "T-2", in: hive.a)
    #expect(try hive.say("next", in: hive.b).hasPrefix("may merge now  issues  priority"))
    let json = try hive.json("next", "--json", in: hive.b)
    #expect((json["next"] as? [[String: Any]])?.map { $0["stream"] as? String } == ["b"])
    #expect(json["merged"] as? [String] == ["a"])
    #expect(json["done"] as? [String] == ["T-1", "T-2"])
  }

  @Test("After a commit on trunk whose body mentions every issue none is done")
  func mentioned() throws {
    let hive = try PlannedHive()
    try hive.repository.commit("feat: everything\n\nT-1, T-2 and T-3 are to come, see T-1")
    #expect(try hive.json("next", "--json", in: hive.a)["done"] as? [String] == [])
  }

  @Test("Streams that would conflict with each other are counted, and one that would with trunk is not offered")
  func conflicts() throws {
    let hive = try PlannedHive()
    try hive.repository.commit("feat: one (T-1)", ["both": "1\n"], in: hive.a)
    #expect(
      try hive.say("next", in: hive.a).contains(
        "\na              T-1            2            2          0  -           10\n"))
    try hive.repository.commit("feat: three (T-3)", ["both": "2\n"], in: hive.b)
    #expect(
      try hive.say("next", in: hive.a).contains(
        "\na              T-1            2            2          1  -            8\n"))
    try hive.repository.commit("feat: trunk", ["both": "3\n"])
    #expect(try hive.say("next", in: hive.a).contains("a: conflicts with 'main' (preflight sync)\n"))
  }

  @Test("A stream that says it is blocked is not offered until it works again; the word ends when the branch moves on")
  func words() throws {
    let hive = try PlannedHive()
    try hive.repository.commit("feat: one (T-1)", ["alpha/x": "1\n"], in: hive.a)
    _ = try hive.say("signal", "blocked", "-m", "no keys", in: hive.a)
    #expect(try hive.say("next", in: hive.b).contains("a: says that it is blocked\n"))
    // A rebase gives the commit a new name and leaves the work as it is.
    try hive.repository.commit("feat: trunk", ["other": "1\n"])
    try hive.repository.git(["rebase", "--quiet", "main"], in: hive.a)
    #expect(try hive.say("next", in: hive.b).contains("a: says that it is blocked\n"))
    try hive.repository.commit("feat: more (T-1)", ["alpha/x": "2\n"], in: hive.a)
    #expect(try hive.say("next", in: hive.b).hasPrefix("may merge now"))
  }

  @Test("All rounds are shown with the reason for their number, and as JSON in a fixed shape")
  func rounds() throws {
    let hive = try PlannedHive()
    #expect(
      try hive.say("next", "--all", in: hive.a).hasPrefix(
        """
        round  stream  issues
            1  a       T-1
            2  a       T-2
            3  b       T-3
        3 rounds: the longest chain has 3 issues: T-1 -> T-2 -> T-3

        """))
    let json = try hive.json("next", "--all", "--json", in: hive.a)
    #expect(json["version"] as? Int == 1)
    let rounds = try #require(json["rounds"] as? [[String: Any]])
    #expect(rounds.map { $0["round"] as? Int } == [1, 2, 3])
    #expect(rounds.map { $0["issues"] as? [String] } == [["T-1"], ["T-2"], ["T-3"]])
    #expect(rounds.map { $0["streams"] as? [String] } == [["a"], ["a"], ["b"]])
    #expect((json["criticalPath"] as? [String: Any])?["issues"] as? [String] == ["T-1", "T-2", "T-3"])
    let current = try #require(try hive.json("next", "--json", in: hive.a)["rounds"] as? [[String: Any]])
    #expect(current.count == 1)
  }

  @Test("Rounds of the plan's own are followed, and what they hold back is said")
  func writtenRounds() throws {
    let hive = try PlannedHive(plan: "rounds = [[\"T-1\"], [\"T-2\"], [], [\"T-3\"]]\n" + PlannedHive.plan)
    #expect(
      try hive.say("next", "--all", in: hive.a).contains(
        """
        the plan's 4 rounds are followed; 3 would do: the longest chain has 3 issues: T-1 -> T-2 -> T-3
        earlier without 'rounds' in the plan: T-3 (3 instead of 4)
        """))
  }

  @Test("The work of a stream that has nothing but documentation is commits of type docs")
  func documentation() throws {
    let plan = PlannedHive.plan.replacingOccurrences(of: #"["beta/**"]"#, with: #"["beta/**/*.md", "README.md"]"#)
    let hive = try PlannedHive(plan: plan)
    try hive.repository.commit("docs: three (T-3)", ["beta/y.md": "1\n"])
    try hive.repository.commit("docs: one (T-1)", ["alpha/x": "1\n"])
    #expect(try hive.json("next", "--json", in: hive.a)["done"] as? [String] == ["T-3"])
  }
}
