import Platform
import Testing

@testable import Reporting

@Suite("The style of a stream")
struct OutputStyleTests {
  @Test(
    "Colour is for terminals that have it, unless somebody says otherwise",
    arguments: [
      (true, [:], true), (false, [:], false), (true, ["TERM": "dumb"], false), (true, ["TERM": "xterm"], true),
      (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true), (false, ["CLICOLOR_FORCE": "1"], true),
      (false, ["CLICOLOR_FORCE": "0"], false), (false, ["CLICOLOR_FORCE": ""], false),
      (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false), (true, ["TERM": "dumb", "CLICOLOR_FORCE": "1"], true),
    ] as [(Bool, [String: String], Bool)])
  func colour(isTerminal: Bool, variables: [String: String], expected: Bool) {
    let style = OutputStyle(isTerminal: isTerminal, width: 80, environment: Environment(variables))
    #expect(style.usesColour == expected)
  }

  @Test("A terminal has a width, and only one that is not dumb is written over")
  func terminal() {
    #expect(OutputStyle(isTerminal: false, width: 80, environment: Environment()).width == nil)
    #expect(OutputStyle(isTerminal: true, width: 80, environment: Environment()).width == 80)
    #expect(OutputStyle(isTerminal: true, width: 80, environment: Environment()).isInteractive)
    #expect(!OutputStyle(isTerminal: true, width: 80, environment: Environment(["TERM": "dumb"])).isInteractive)
  }

  @Test(
    "Where there is no terminal, COLUMNS says how wide lines may be",
    arguments: [("72", 72), ("0", nil), ("-5", nil), ("wide", nil), ("", nil)] as [(String, Int?)])
  func columns(value: String, width: Int?) {
    let environment = Environment(["COLUMNS": value])
    #expect(OutputStyle(isTerminal: false, width: nil, environment: environment).width == width)
    #expect(OutputStyle(isTerminal: true, width: 100, environment: environment).width == 100)
  }

  @Test("A printer writes lines in one piece and a table to the width")
  func printer() {
    var written: [String] = []
    let style = OutputStyle(isTerminal: true, width: 12, environment: Environment(["NO_COLOR": "1"]))
    let printer = Printer(style: style) { written.append($0) }
    printer.print(["a", "b"])
    printer.print([])
    var table = Table([.init("name", isFlexible: true), .init("n", .right)], hasHeader: false)
    table.append(["a long long name", "1"])
    printer.print(table)
    #expect(written == ["a\nb\n", "a long l…  1\n"])
  }
}
