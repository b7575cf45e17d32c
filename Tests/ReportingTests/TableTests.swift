import Testing

@testable import Reporting

@Suite("Tables")
struct TableTests {
  private func table(_ rows: [[DisplayText]]) -> Table {
    var table = Table([.init("stream", isFlexible: true), .init("ahead", .right), .init("state", isFlexible: true)])
    for row in rows { table.append(row) }
    return table
  }

  private func text(_ table: Table, width: Int? = nil) -> [String] { table.lines(width: width).map(\.plain) }

  @Test("Columns line up by what a terminal shows, and no line ends in blanks")
  func alignment() {
    let rows: [[DisplayText]] = [
      ["ws1", "3", "ready"], ["日本", "12", ""], ["", "", "x"], ["e\u{301}\u{301}", "1", "y"],
    ]
    #expect(
      text(table(rows)) == [
        "stream  ahead  state",
        "ws1         3  ready",
        "日本       12",
        "               x",
        "e\u{301}\u{301}           1  y",
      ])
  }

  @Test("What does not fit is cut in the widest flexible column first")
  func cutting() {
    let rows: [[DisplayText]] = [["a-very-long-stream-name", "3", "waits for something"]]
    let lines = text(table(rows), width: 40)
    #expect(lines == ["stream           ahead  state", "a-very-long-st…      3  waits for somet…"])
    #expect(table(rows).lines(width: 40).allSatisfy { $0.width <= 40 })
  }

  @Test("Paths and branches are cut where they are alike, at the start")
  func cuttingTheStart() {
    var table = Table([.init("branch", isFlexible: true, cutting: .start), .init("state")])
    table.append(["feature/live-services-docs", "idle"])
    table.append(["feature/\("live", .good)-日本語", "x"])
    let lines = table.lines(width: 18)
    #expect(lines.map(\.plain) == ["branch       state", "…vices-docs  idle", "…ive-日本語  x"])
    #expect(lines[2].rendered(withColour: true) == "…\u{1b}[32mive\u{1b}[0m-日本語  x")
  }

  @Test("What is told of a row stands below it, as much on a line as there is room for")
  func remarks() {
    var table = Table([.init("stream"), .init("state")])
    table.append(["ws1", "idle"], below: ["checks passed", "1 conflict predicted", "says working: so many words"])
    table.append(["ws2", "idle"])
    #expect(
      text(table, width: 40) == [
        "stream  state", "ws1     idle", "    checks passed, 1 conflict predicted", "    says working: so many words",
        "ws2     idle",
      ])
    #expect(
      text(table, width: 26)[2...4] == ["    checks passed", "    1 conflict predicted", "    says working: so many…"])
    #expect(table.naturalWidth == 13)
  }

  @Test("However narrow, no line is wider than there is room", arguments: [0, 1, 5, 10, 20])
  func narrow(width: Int) {
    let rows: [[DisplayText]] = [["a-very-long-stream-name", "123456", "日本語日本語日本語"]]
    #expect(table(rows).lines(width: width).allSatisfy { $0.width <= width })
  }

  @Test("Without a terminal nothing is cut")
  func noTerminal() {
    let long = String(repeating: "x", count: 300)
    #expect(text(table([["\(long)", "1", ""]]))[1].hasPrefix(long))
  }

  @Test("Titles stand out, and can be left out")
  func header() {
    var table = Table([.init("a"), .init("b")])
    table.append(["1", "2"])
    #expect(table.lines(width: nil)[0].rendered(withColour: true) == "\u{1b}[1ma\u{1b}[0m  \u{1b}[1mb\u{1b}[0m")
    table.hasHeader = false
    #expect(table.lines(width: nil).map(\.plain) == ["1  2"])
  }
}
