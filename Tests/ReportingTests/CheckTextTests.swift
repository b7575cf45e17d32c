import Checks
import Platform
import Testing

@testable import Reporting
@testable import WorkReports

@Suite("Checks as text")
struct CheckTextTests {
  @Test(
    "Durations are as exact as people want them",
    arguments: [
      (0, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (60, "1 min"), (185, "3 min 5 s"),
      (3600, "1 h"), (7800, "2 h 10 min"), (90000, "1 day"), (259_200, "3 days"), (-1, "0.0 s"),
    ])
  func durations(seconds: Double, expected: String) { #expect(duration(seconds) == expected) }

  @Test("The summary has a row a check")
  func summary() {
    let results = [
      CheckResult("tests", .failed(exitStatus: 1), seconds: 75), CheckResult("lint", .passed, seconds: 1.25),
      CheckResult("types", .remembered(1000)), CheckResult("slow", .timedOut(seconds: 60), seconds: 61),
      CheckResult("a\u{1b}b", .couldNotStart("no\nprogram")), CheckResult("shot", .killed(signal: 9), seconds: 2),
      CheckResult("docs", .skipped("no path changed")), CheckResult("new", .notTrusted),
      CheckResult("last", .interrupted, seconds: 3),
    ]
    #expect(
      checkSummary(results, now: 1120).lines(width: nil).map(\.plain) == [
        "check   result                                                         time",
        "tests   failed (exit status 1)                                   1 min 15 s",
        "lint    passed                                                        1.3 s",
        "types   passed on the same tree 2 min ago",
        "slow    timed out after 1 min                                     1 min 1 s",
        "a\\x1bb  could not start: no\\nprogram",
        "shot    failed (killed by signal 9)                                   2.0 s",
        "docs    skipped: no path changed",
        "new     not run: not approved on this machine (preflight trust)",
        "last    interrupted                                                   3.0 s",
      ])
  }

  @Test("The output of what failed is shown, without colours and without harm")
  func output() {
    let colourful = Array("\u{1b}[1;31mFAIL\u{1b}[0m\ta\r\n10%\r20%\r\n\u{1b}[2Jx\u{1b}[\n\nend".utf8) + [0xff, 0x0a]
    let results = [
      CheckResult("ok", .passed, seconds: 1, output: [0x61]),
      CheckResult("tests", .failed(exitStatus: 1), seconds: 1, output: colourful, omittedOutput: 1),
      CheckResult("quiet", .timedOut(seconds: 1), seconds: 1), CheckResult("absent", .couldNotStart("x")),
    ]
    #expect(
      failedOutput(results).map(\.plain) == [
        "--- output of 'tests'", "(the first 1 byte left out)", "FAIL\ta", "20%", "\\x1b[2Jx\\x1b[", "", "end\\xff",
        "--- output of 'quiet'", "(none)",
      ])
  }
}

@Suite("Progress")
struct CheckProgressTests {
  private let holder = CheckLockHolder(process: 1, check: "types", worktree: "/w\u{1b}", since: 990)

  private func progress(isTerminal: Bool, width: Int = 60) -> CheckProgress {
    let style = OutputStyle(isTerminal: isTerminal, width: width, environment: Environment(["NO_COLOR": "1"]))
    return CheckProgress(style: style, now: 1000, time: 50)
  }

  @Test("Without a terminal each thing that happens is a line")
  func plain() {
    var progress = progress(isTerminal: false)
    let events: [CheckEvent] = [
      .queued(check: "lint"), .waiting(check: "tests", lock: "docker", holder: holder), .tick, .started(check: "tests"),
      .finished(CheckResult("tests", .passed, seconds: 2)), .finished(CheckResult("x", .skipped("no path changed"))),
      .waiting(check: "y", lock: "docker", holder: nil),
    ]
    let text = events.map { progress.update($0, time: 52).text }.joined()
    #expect(
      text == """
        tests: waits for 'docker', held by 'types' in /w\\x1b for 12 s
        tests: started
        tests: passed in 2.0 s
        x: skipped: no path changed
        y: waits for 'docker'

        """)
    #expect(progress.finish().isEmpty)
  }

  @Test("On a terminal the lines of what runs and waits are written over in place, and are gone at the end")
  func interactive() {
    var progress = progress(isTerminal: true, width: 40)
    #expect(progress.update(.started(check: "lint"), time: 50).text == "| lint 0.0 s\n")
    #expect(
      progress.update(.waiting(check: "tests", lock: "docker", holder: holder), time: 50.5).text
        == "\u{1b}[1A\r\u{1b}[J/ lint 0.5 s\n  tests waits for 'docker', held by 't…\n")
    #expect(progress.update(.tick, time: 50.55).isEmpty)
    #expect(progress.update(.tick, time: 50.75).text.hasPrefix("\u{1b}[2A\r\u{1b}[J\\ lint 0.7 s\n"))
    #expect(
      progress.update(.finished(CheckResult("lint", .passed, seconds: 1)), time: 51).text.hasPrefix(
        "\u{1b}[2A\r\u{1b}[J  tests"))
    #expect(progress.finish().text == "\u{1b}[1A\r\u{1b}[J")
    #expect(progress.finish().isEmpty)
  }

  @Test("How long somebody else has held the lock goes on counting")
  func heldFor() {
    var progress = progress(isTerminal: true, width: 80)
    _ = progress.update(.waiting(check: "tests", lock: "docker", holder: holder), time: 50)
    #expect(
      progress.update(.tick, time: 70).text
        == "\u{1b}[1A\r\u{1b}[J  tests waits for 'docker', held by 'types' in /w\\x1b for 30 s\n")
  }

  @Test("No line is as wide as the terminal, and many checks are counted")
  func many() {
    var progress = progress(isTerminal: true, width: 20)
    var text = ""
    for number in 1...10 { text = progress.update(.started(check: "check number \(number) of many"), time: 50).text }
    let lines = text.split(separator: "\n").map {
      $0.replacing("\u{1b}[8A\r\u{1b}[J", with: "").replacing("\u{1b}[9A\r\u{1b}[J", with: "")
    }
    #expect(lines.count == 9)
    #expect(lines.allSatisfy { displayWidth(String($0)) < 20 })
    #expect(lines.last == "  and 2 more")
  }
}
