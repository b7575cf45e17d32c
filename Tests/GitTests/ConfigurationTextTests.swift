import Platform
import TestSupport
import Testing

@testable import Git

@Suite("The text of a configuration file")
struct ConfigurationTextTests {
  /// What `git config --list` says of a file; `nil` where git refuses it.
  private func gitsAnswer(_ file: FilePath, _ repository: TestRepository) throws -> [String]? {
    let git = GitCommand(in: repository.surroundings, environment: repository.environment)
    let result = try git.run(["config", "--file", Argument(file.bytes), "--list", "--null"])
    guard result.succeeded else { return nil }
    return result.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  private func ourAnswer(_ bytes: [UInt8]) -> [String]? {
    ConfigurationText.settings(in: bytes)?.map { key, value in value.map { "\(key)\n\($0)" } ?? key }
  }

  @Test(
    "is read as git reads it, or left to git",
    arguments: [
      "", "[a]\n", "[a]b", "[a]b=", "[a]\n\tb = c d  \n", "[a \"B\\\"c\\d\"]\ne=f#g\n", "[A.B]C=\"d;e\" ;f\n",
      "[a]b=\"c\\td\\n\\\\\\\"\"\r\n[b]\r\nc\r\n", "[a]\nb = c \\\n  d\n", "[a]b = c\td\n", "[a]b=\"c\n", "[a]b=\\q\n",
      "[a", "[a \"b]\n", "[a]\n1=2\n", "b=c\n", "[a]b c\n", "\u{FEFF}[a]b=c\n", "[a]b=c\\", "[a]b=\"c\"d\" e\"\n",
    ])
  func examples(text: String) throws {
    let repository = try TestRepository()
    let file = repository.surroundings / "settings"
    try file.write(Array(text.utf8))
    if let own = ourAnswer(Array(text.utf8)) { #expect(try own == gitsAnswer(file, repository)) }
  }

  @Test("Whatever is thrown together of its parts, ours is git's answer or none")
  func generated() throws {
    var random = SeededGenerator.announced("generated configurations")
    let repository = try TestRepository()
    let file = repository.surroundings / "settings"
    let parts = [
      "[", "]", "a", "B1", "-", ".", " ", "\t", "\n", "\r\n", "\"", "\\", "#", ";", "=", "[a]", "[a \"b\"]\n", "c = d",
      "\\\n",
      "\\n", "é", "\n[Core]\n\tbare = false\n",
    ]
    var read = 0
    for _ in 0..<400 {
      let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined()
      guard let own = ourAnswer(Array(text.utf8)) else { continue }
      read += 1
      try file.write(Array(text.utf8))
      #expect(try own == gitsAnswer(file, repository), "\(text.debugDescription)")
    }
    #expect(read > 20)
  }

  @Test("Includes are left to others")
  func includes() {
    #expect(ConfigurationText.settings(in: Array("[include]\n\tpath = x\n".utf8)) == nil)
    #expect(ConfigurationText.settings(in: Array("[includeIf \"onbranch:x\"]\n\tpath = x\n".utf8)) == nil)
  }
}
