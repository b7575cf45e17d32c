import Foundation
import Platform
import TestSupport
import Testing

@Suite("The README's run of the demo")
struct RecordedDemoTests {
  /// What is typed and what is told, but not what commands print: checks that run side by side end in any order.
  private func story(_ lines: [String]) -> [String] {
    lasting(
      lines.filter { $0.hasPrefix("$ ") || $0.hasPrefix("> ") || $0.hasPrefix("# ") || $0.first?.isNumber == true })
  }

  @Test("It has the commands of the demo; to record it again: Tests/Readme/record")
  func commands() throws {
    let directory = try TemporaryDirectory()
    var environment = sealedEnvironment(home: directory.path)
    environment["COLUMNS"] = nil
    let request = ProcessRequest(
      try BuiltProducts.executable("preflight"), ["demo"], environment: environment, directory: directory.path)
    let result = try ChildProcess.run(request)
    #expect(result.succeeded)
    let output = String(decoding: result.output, as: UTF8.self).components(separatedBy: "\n")
    let recorded = try #require(try Readme().section("demo").split(separator: "```text").last).dropLast()
    #expect(story(Array(recorded)) == story(output))
    #expect(recorded.count > 100)
  }
}
