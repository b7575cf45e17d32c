import Plan
import Testing

@Suite("What may merge next")
struct NextMergesTests {
  /// Streams with their issues: `a: 1, 2<1` is stream a with issue 1, and issue 2 that comes after it.
  private func plan(_ streams: [(String, String)], rounds: [[String]] = [], bases: [String: String] = [:]) -> Plan {
    var plan = Plan()
    plan.rounds = rounds
    plan.streams = streams.map { id, issues in
      var stream = Plan.Stream()
      stream.id = id
      stream.branch = id
      stream.base = bases[id]
      stream.issues = issues.split(separator: ",").map { text in
        let parts = text.split(separator: "<").map { $0.split(separator: " ").joined() }
        var issue = Plan.Issue()
        issue.id = parts[0]
        issue.after = parts.dropFirst().flatMap { $0.split(separator: "+").map(String.init) }
        return issue
      }
      return stream
    }
    return plan
  }

  private func facts(_ carried: Set<String>, _ change: (inout StreamFacts) -> Void = { _ in }) -> StreamFacts {
    var facts = StreamFacts()
    facts.hasCommits = true
    facts.carried = carried
    change(&facts)
    return facts
  }

  private func next(
    _ plan: Plan, done: Set<String> = [], merged: Set<String> = [], _ facts: [String: StreamFacts]
  ) -> NextMerges {
    NextMerges(plan, rounds: MergeRounds(plan), done: done, merged: merged, facts: facts)
  }

  @Test("A plan without issues has no rounds; one whose issues wait for nothing has one")
  func fewest() {
    #expect(MergeRounds(plan([])).rounds == [])
    #expect(MergeRounds(plan([("a", "1, 2"), ("b", "3")])).rounds == [["1", "2", "3"]])
  }

  @Test("A stacked stream comes after all of the one that it stands on")
  func stacked() {
    let plan = plan([("a", "1, 2<1"), ("b", "3")], bases: ["b": "a"])
    #expect(MergeRounds(plan).rounds == [["1"], ["2"], ["3"]])
    let next = next(plan, ["a": facts(["1"]), "b": facts(["3"])])
    #expect(next.candidates.map(\.stream) == ["a"])
    #expect(next.waiting.map(\.reason) == [.stackedOn("a")])
  }

  @Test("What the written rounds leave out comes as early as it can")
  func unwritten() {
    let rounds = MergeRounds(plan([("a", "1, 2"), ("b", "3<2, 4")], rounds: [["4"], ["2"]]))
    #expect(rounds.rounds == [["1", "4"], ["2"], ["3"]])
    #expect(rounds.current(done: ["1", "4"]) == 2)
    #expect(rounds.current(done: ["1", "2", "3", "4"]) == nil)
    #expect(rounds.waits(for: "3", done: ["1", "2"]) == ["4"])
  }

  @Test("Issues of one branch that come after one another merge together")
  func together() {
    let next = next(plan([("a", "2<1, 1")]), ["a": facts(["1", "2"])])
    #expect(next.candidates.map(\.issues) == [["2", "1"]])
    #expect(next.candidates[0].later.isEmpty)
  }

  @Test("Without commits, in conflict with trunk, or held by its own word a stream does not merge")
  func obstacles() {
    let plan = plan([("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5")])
    let next = next(
      plan, done: ["4"], merged: ["d"],
      [
        "b": facts(["2"]) { $0.conflictsWithTrunk = true }, "c": facts(["3"]) { $0.held = "blocked" },
        "d": facts(["4"]), "e": facts([]),
      ])
    #expect(next.waiting.map(\.stream) == ["a", "b", "c"])
    #expect(next.waiting.map(\.reason) == [.notBegun, .conflictsWithTrunk, .held("blocked")])
    #expect(next.candidates.map(\.stream) == ["e"], "commits that name no issue are offered as a whole")
  }

  @Test("The order is by urgency, by what waits, against conflicts, and by the checks; the plan's order breaks ties")
  func weights() {
    var plan = plan([("a", "1"), ("b", "2"), ("c", "3, 5<3"), ("d", "4, 6<4, 7<6"), ("e", "8"), ("f", "9")])
    plan.streams[1].issues[0].priority = "P0"
    plan.streams[4].issues[0].priority = "Low"
    let all = [
      "a": facts(["1"]), "b": facts(["2"]), "c": facts(["3"]) { $0.conflicts = 2 }, "d": facts(["4"]),
      "e": facts(["8"]) { $0.checks = .passed }, "f": facts(["9"]) { $0.checks = .failed },
    ]
    let candidates = next(plan, all).candidates
    #expect(candidates.map(\.stream) == ["b", "d", "a", "c", "e", "f"])
    #expect(candidates.map(\.weight.total) == [12, 10, 6, 4, 4, 2])
    #expect(candidates[1].weight.waiting == 2)
  }

  @Test(
    "Priorities are known as trackers write them",
    arguments: zip(["P0", "urgent", "High", nil, "P2", "weird", "low", "P4"], [4, 4, 3, 2, 2, 2, 1, 0]))
  func priorities(text: String?, urgency: Int) {
    var plan = plan([("a", "1")])
    plan.streams[0].issues[0].priority = text
    #expect(next(plan, ["a": facts(["1"])]).candidates[0].weight.priority == urgency)
  }

  @Test("The critical path goes by time where there are estimates, else by the number of issues")
  func criticalPath() {
    var plan = plan([("a", "1, 2<1, 3<2"), ("b", "4, 5<4")])
    #expect(CriticalPath(plan).issues == ["1", "2", "3"])
    #expect(CriticalPath(plan).estimate == nil)
    plan.streams[0].estimate = 3...3
    plan.streams[1].estimate = 4...8
    #expect(CriticalPath(plan).issues == ["4", "5"])
    #expect(CriticalPath(plan).estimate == 4...8)
    #expect(CriticalPath(plan, done: ["4"]).issues == ["5"])
    #expect(CriticalPath(plan, done: ["4", "5"]).estimate == 3...3)
  }
}
