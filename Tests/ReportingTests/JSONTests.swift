import Checks
import Foundation
import Rules
import Testing

@testable import Reporting
@testable import WorkReports

@Suite("JSON")
struct JSONTests {
  @Test("Members stay in order, and every kind of value has its form")
  func values() {
    let value: JSONValue = [
      "z": nil, "a": [true, false, 1, -2, "x"], "empty": [:], "none": [], "a": 1.5, "n": JSONValue(Int?.none),
    ]
    #expect(value.text == #"{"z":null,"a":[true,false,1,-2,"x"],"empty":{},"none":[],"a":1.5,"n":null}"#)
  }

  @Test(
    "Numbers have no exponent and come back the same",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (12.345, "12.345"), (-0.001, "-0.001"), (0.00001234, "0.00001234"),
      (1e21, "1" + String(repeating: "0", count: 21)),
      (1.5e17, "150000000000000000"), (123456789.125, "123456789.125"), (100, "100"),
    ] as [(Double, String)])
  func numbers(number: Double, expected: String) {
    #expect(JSONValue.number(number).text == expected)
    #expect(Double(expected) == number)
  }

  @Test("What is no number is null") func notANumber() { #expect(JSONValue.number(.nan).text == "null") }

  @Test("Strings are escaped so that no terminal acts on them, and come back the same")
  func strings() throws {
    let text = "\"\\/\n\r\t\u{0}\u{1b}\u{7f}\u{9b}\u{202e}\u{2028}ü日👍\u{e0041}"
    let json = JSONValue.string(text).text
    #expect(
      json == "\"\\\"\\\\/\\n\\r\\t\\u0000\\u001b\\u007f\\u009b\\u202e\\u2028ü日👍\\udb40\\udc41\"")
    let decoded = try JSONDecoder().decode([String].self, from: Data("[\(json)]".utf8))
    #expect(decoded == [text])
  }

  @Test("The report has every field, null where there is nothing")
  func report() {
    let full = Finding(
      "message.type", .error, .init("wrong", hint: "git commit"), path: [0x61, 0xff], line: 1, column: 2, commit: commit
    )
    let bare = Finding("depends", .warning, .init("early"))
    let plain = Finding("shared.stale", .error, .init("x"), path: Array("é".utf8))
    let checks = [
      CheckResult("tests", .failed(exitStatus: 1), seconds: 1.23456, output: [0x61, 0x0a, 0xff]),
      CheckResult("lint", .skipped("no path changed")),
      CheckResult("types", .passed, seconds: 2),
    ]
    #expect(
      reportDocument(findings: [full, bare, plain], checks: checks).text
        == #"{"version":1,"findings":["#
        + #"{"rule":"message.type","severity":"error","path":"a\#u{fffd}","line":1,"column":2,"#
        + #""commit":"\#(commit.description)","message":"wrong","hint":"git commit","pathBytes":"61ff"},"#
        + #"{"rule":"depends","severity":"warning","path":null,"line":null,"column":null,"commit":null,"message":"early","hint":null},"#
        + #"{"rule":"shared.stale","severity":"error","path":"é","line":null,"column":null,"commit":null,"message":"x","hint":null}],"#
        + #""checks":[{"name":"tests","status":"failed","seconds":1.235,"output":"a\n\#u{fffd}"},"#
        + #"{"name":"lint","status":"skipped","seconds":null,"output":null},"#
        + #"{"name":"types","status":"passed","seconds":2,"output":""}]}"#)
  }

  @Test("Every status has a word of its own, but that a killed check failed")
  func words() {
    let statuses: [CheckStatus] = [
      .passed, .failed(exitStatus: 1), .timedOut(seconds: 1), .couldNotStart(""), .notTrusted, .skipped(""),
      .remembered(1),
      .interrupted,
    ]
    #expect(
      statuses.map(\.word) == [
        "passed", "failed", "timed-out", "could-not-start", "not-trusted", "skipped", "remembered", "interrupted",
      ])
    #expect(CheckStatus.killed(signal: 9).word == "failed")
  }
}

@Suite("GitHub annotations")
struct GitHubAnnotationTests {
  @Test("A finding is shown at its line, with the rule as its title and the hint below")
  func finding() {
    let finding = Finding(
      "exports.foreign", .error, .init("100% wrong\r\n", hint: "git a:b,c"), path: Array("a,b:c%.ts".utf8), line: 3,
      column: 7)
    #expect(
      gitHubAnnotations(findings: [finding], checks: []) == [
        "::error file=a%2Cb%3Ac%25.ts,line=3,col=7,title=exports.foreign::100%25 wrong%0D%0A%0Ahint: git a:b,c"
      ])
  }

  @Test("A commit is named, a warning is one, and no text can start a command of its own")
  func commitFinding() {
    let finding = Finding("message.scope", .warning, .init("x\n::stop-commands::y\u{1b}"), commit: commit)
    #expect(
      gitHubAnnotations(findings: [finding], checks: []) == [
        "::warning title=message.scope::abc1234567: x%0A::stop-commands::y\\x1b"
      ])
  }

  @Test("Checks that failed are errors, the others are not mentioned")
  func checks() {
    let checks = [
      CheckResult("a", .passed), CheckResult("b: c", .failed(exitStatus: 2)), CheckResult("d", .skipped("x")),
      CheckResult("e", .notTrusted),
    ]
    #expect(
      gitHubAnnotations(findings: [], checks: checks) == [
        "::error title=b%3A c::failed (exit status 2)",
        "::error title=e::not run: not approved on this machine (preflight trust)",
      ])
  }
}
