import Foundation
import Plan
import Testing

@testable import PlanFile

@Suite("A plan read from a page written for people")
struct PlanImportTests {
  private func page(_ change: (String) -> String = { $0 }) throws -> PlanImport {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/harbour-plan.md")
    return PlanImport(page: Array(change(try String(contentsOf: fixture, encoding: .utf8)).utf8), named: "harbour.md")
  }

  private func plan(_ page: PlanImport) throws -> Plan {
    let document = PlanDocument(Array(page.text.utf8), file: "preflight.toml", rules: [])
    #expect(document.faults.filter { $0.severity == .error }.isEmpty, "\(document.faults)")
    return try #require(document.plan)
  }

  @Test("Streams, branches, directories, workers, estimates and files are those of the page")
  func streams() throws {
    let plan = try plan(page())
    #expect(plan.streams.map(\.id) == ["ws1", "ws2", "ws3", "ws4", "ws5", "ws6"])
    #expect(plan.streams.map(\.name) == ["Cranes", "Customs", "Berths", "Tools", "Beacons", "Charts"])
    #expect(
      plan.streams.map(\.branch)
        == ["cranes", "customs", "berths", "tools", "beacons", "charts"].map { "harbour/\($0)" })
    #expect(
      plan.streams.map(\.directory) == ["cranes", "customs", "berths", "tools", "beacons", "charts"].map { "hb-\($0)" })
    #expect(plan.streams.map(\.worker) == ["Fitter", "Clerk", "Pilot", "Smith", "Keeper", "Cartographer"])
    #expect(plan.streams.map(\.estimate) == [4...6, 3...4, 5...7, 3...4, 3...4, 16...16])
    #expect(plan.streams[0].files == [".github/workflows/cranes.yml", "src/cranes/load.ts", "src/cranes/*.test.ts"])
    #expect(plan.streams[1].files == ["src/customs/forms.ts", ".github/workflows/report.yml"])
    #expect(plan.worktree.directory == "../berths")
    #expect(plan.project.name == "Harbour Works")
    #expect(plan.project.issuePrefixes == ["HB"])
    #expect(plan.shared.map(\.paths) == [["src/index.ts"], ["package.json"], ["CHANGELOG.md"]])
    #expect(plan.shared.map(\.merge) == [.barrel, .manifest, .changelog])
  }

  @Test("Issues have their titles, priorities and prerequisites, those of other streams too; external work is marked")
  func issues() throws {
    let plan = try plan(page())
    #expect(plan.streams.map(\.issues.count) == [3, 3, 3, 4, 2, 2])
    #expect(plan.issue("HB-101")?.title == "Replace the north crane cable")
    #expect(plan.issue("HB-101")?.priority == "P0")
    let waits = plan.streams.flatMap(\.issues).filter { !$0.after.isEmpty }.map { "\($0.id) \($0.after.joined())" }
    #expect(
      waits == [
        "HB-202 HB-201", "HB-203 HB-202", "HB-302 HB-301", "HB-303 HB-302", "HB-403 HB-302", "HB-502 HB-501",
      ])
    #expect(plan.streams.flatMap(\.issues).filter(\.isExternal).map(\.id) == ["HB-203"])
  }

  @Test("What does not add up is noticed: counts, a pattern in two streams, more rounds than it takes")
  func notices() throws {
    #expect(
      try page().notices == [
        "line 5 speaks of 18 issues; 17 are listed", "line 172 speaks of 15 issues; 17 are listed",
        "'.github/workflows/cranes.yml' of 'ws1' and '.github/workflows/*.yml' of 'ws4' match the same files",
        "'.github/workflows/report.yml' of 'ws2' and '.github/workflows/*.yml' of 'ws4' match the same files",
        "4 rounds are written, and 3 suffice: 'rounds' is left out, so that they are computed",
      ])
    #expect(try plan(page()).rounds.isEmpty)
  }

  @Test("Rounds that are as few as can be are kept")
  func rounds() throws {
    let page = try page {
      $0.replacingOccurrences(of: "\nRound 2 (After Round 1):\n", with: "")
        .replacingOccurrences(of: "Round 3 (After", with: "Round 2 (After")
        .replacingOccurrences(of: "Round 4 (", with: "Round 3 (")
    }
    #expect(!page.notices.contains { $0.contains("rounds") })
    let plan = try plan(page)
    #expect(plan.rounds.map(\.count) == [12, 3, 2])
    #expect(plan.rounds[2] == ["HB-303", "HB-403"], "what a line depends on is not a part of its round")
  }

  @Test("A line of a stream's section that has no place is kept as a comment with its number")
  func leftovers() throws {
    let page = try page {
      $0.replacingOccurrences(of: "**Worker Type**: Fitter", with: "**Worker Type**: Fitter\n**Mood**: good\u{1b}[31m")
        .replacingOccurrences(of: "- `Dockerfile`", with: "- `Dockerfile`\n- whatever it takes")
        .replacingOccurrences(of: "| HB-404 |", with: "| later |")
        .replacingOccurrences(of: "| HB-301 |\n", with: "| HB-999 |\n")
    }
    for text in ["mood: good", "whatever it takes", "| later | Upgrade the radio", "HB-302 depends on HB-999"] {
      #expect(page.text.contains("# line ") && page.text.contains(text), "\(text)")
    }
    #expect(!page.text.contains("\u{1b}"))
    _ = try plan(page)
  }

  @Test("A page with carriage returns is read alike")
  func carriageReturns() throws {
    let page = try page { $0.replacingOccurrences(of: "\n", with: "\r\n") }
    #expect(try plan(page) == plan(self.page()))
  }

  @Test("Shared files are also read from a list that the page hands to another tool, each once")
  func sharedList() throws {
    let list = """

      ```javascript
      store({
        sharedFiles: [
          "src/index.ts",
          "tools/package.json", 'docs/a b.md',
          "CHANGELOG.md"
        ]
      }, ["not/this"]);
      ```

      ```json
      "sharedFiles": ["one/index.ts", "package.json"],
      "others": ["nor/this"]
      ```

      """
    let plan = try plan(page { $0 + list })
    #expect(
      plan.shared.map(\.paths) == [
        ["src/index.ts"], ["package.json"], ["CHANGELOG.md"], ["tools/package.json"], ["docs/a b.md"], ["one/index.ts"],
      ])
    #expect(plan.shared.map(\.merge) == [.barrel, .manifest, .changelog, .manifest, .text, .barrel])
  }

  @Test("A page without workstreams gives a plan without streams, and says so")
  func nothing() throws {
    for text in ["", "# A page\n\nwith words\n", "| a | b |\n|---|\n", "### Workstream one: X\n", "\u{0}\u{fffd}"] {
      let page = PlanImport(page: Array(text.utf8), named: "x\ny.md")
      #expect(page.notices == ["there is no heading such as 'Workstream 1: …'"], "\(text)")
      #expect(try plan(page).streams.isEmpty)
    }
  }

  @Test("Half a plan is a plan: a stream without branch gets one, and nothing is lost of the rest")
  func half() throws {
    let page = PlanImport(
      page: Array("## WS1 - Only\n| ID | Summary |\n|--|--|\n| A-1 | one \\| two |\n- `not/a file list`\n".utf8),
      named: "x.md")
    let plan = try plan(page)
    #expect(plan.streams.map(\.branch) == ["stream/ws1"])
    #expect(plan.streams[0].issues.map(\.title) == ["one | two"])
    #expect(page.notices == ["'ws1' has no branch"])
  }
}
