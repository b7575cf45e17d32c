import Git
import Rules
import Testing

@testable import FindingReports
@testable import Reporting

let commit = ObjectID(hex: "abc1234567" + String(repeating: "0", count: 30))!  // 40 digits are an object's name

@Suite("Findings as text")
struct FindingTextTests {
  private func lines(_ findings: [Finding], hints: Hints = .shown) -> [String] {
    FindingText(hints: hints) { $0 == commit ? Array("feat: x\u{1b}".utf8) : nil }.lines(findings).map(\.plain)
  }

  private func finding(
    _ severity: Severity, _ text: String, hint: String? = nil, path: String? = nil, line: Int? = nil,
    column: Int? = nil,
    commit: ObjectID? = nil
  ) -> Finding {
    let message = Finding.Message(text, hint: hint)
    return Finding(
      "exports.foreign", severity, message, path: path.map { Array($0.utf8) }, line: line, column: column,
      commit: commit)
  }

  @Test("The place comes first, as editors read it, the rule last")
  func places() {
    #expect(
      lines([
        finding(.error, "one", path: "src/a b.ts", line: 3, column: 7), finding(.error, "two", path: "a", line: 3),
        finding(.error, "three", path: "a", column: 7), finding(.error, "four"),
        finding(.error, "five", commit: commit), finding(.error, "six", path: "a", line: 1, commit: commit),
      ]) == [
        "src/a b.ts:3:7: error: one [exports.foreign]",
        "a:3: error: two [exports.foreign]",
        "a: error: three [exports.foreign]",
        "error: four [exports.foreign]",
        "abc1234567 feat: x\\x1b: error: five [exports.foreign]",
        "a:1: error: six [exports.foreign] in abc1234567",
      ])
  }

  @Test("Warnings come before errors, each in the order of the findings")
  func order() {
    let findings = [
      finding(.error, "1"), finding(.warning, "2"), finding(.error, "3"), finding(.warning, "4"),
    ]
    #expect(
      lines(findings) == [
        "warning: 2 [exports.foreign]", "warning: 4 [exports.foreign]", "error: 1 [exports.foreign]",
        "error: 3 [exports.foreign]",
      ])
  }

  @Test("A hint has a line of its own, each of its lines says that it is one, and only the first is explained")
  func hints() {
    let findings = [finding(.error, "a", hint: "git add x\ngit commit"), finding(.error, "b", hint: "git push")]
    #expect(
      lines(findings, hints: .explained) == [
        "error: a [exports.foreign]", "hint: git add x", "hint: git commit",
        "hint: to see no hints: git config preflight.hints false", "error: b [exports.foreign]", "hint: git push",
      ])
    #expect(lines(findings).count == 5)
    #expect(lines(findings, hints: .none) == ["error: a [exports.foreign]", "error: b [exports.foreign]"])
  }

  @Test(
    "Hints are off when git's config says so, and explained by the command alone",
    arguments: [
      (false, true, Hints.none), (false, false, .none), (nil, true, .shown), (nil, false, .explained),
      (true, false, .shown),
    ] as [(Bool?, Bool, Hints)])
  func setting(setting: Bool?, inHook: Bool, expected: Hints) {
    #expect(Hints(setting: setting, inHook: inHook) == expected)
  }

  @Test("Nothing that comes from the repository reaches the terminal as it is")
  func hostile() {
    let evil = "\u{1b}]0;x\u{7}\n::error::\u{202e}"
    let result = lines([finding(.error, evil, hint: evil, path: evil, line: 1)])
    #expect(result.joined().unicodeScalars.allSatisfy(isHarmless))
    #expect(result.count == 3)
  }

  @Test("Errors are red and warnings yellow where there is colour")
  func colour() {
    let line = FindingText().lines([finding(.warning, "x")])[0]
    #expect(line.rendered(withColour: true) == "\u{1b}[1;33mwarning:\u{1b}[0m x \u{1b}[2m[exports.foreign]\u{1b}[0m")
  }

  @Test("The count names what there is")
  func count() {
    #expect(summary(of: []) == nil)
    #expect(summary(of: [finding(.error, "")])?.plain == "1 error")
    #expect(
      summary(of: [finding(.error, ""), finding(.warning, ""), finding(.warning, "")])?.plain == "1 error, 2 warnings")
  }

  @Test("A hook says all in one line, or nothing")
  func hook() {
    #expect(hookLine([]) == nil)
    #expect(
      hookLine(["4 moved", "ws3 conflicts"], see: "preflight status")?.plain
        == "preflight: 4 moved, ws3 conflicts (preflight status)")
    #expect(hookLine(["4 moved"])?.plain == "preflight: 4 moved")
  }
}
