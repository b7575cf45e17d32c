import Git
import HookIdentity
import Installation
import Platform
import TestSupport
import Testing

@Suite struct ExecutableSetTests {
  let place: TemporaryDirectory

  init() throws { place = try TemporaryDirectory() }

  private func makeExecutable(_ name: String) throws {
    let file = place.path / name
    try file.parent.createDirectories()
    try file.write(Array("#!/bin/sh\n".utf8), permissions: 0o755)
  }

  @Test(
    "Below a prefix hooks are found from preflight, and preflight from a hook",
    arguments: [
      "bin/preflight", "libexec/preflight/pre-push",
    ])
  func prefix(own: String) throws {
    try makeExecutable("bin/preflight")
    for name in HookName.allCases.map(\.rawValue) + ["preflight-merge"] {
      try makeExecutable("libexec/preflight/\(name)")
    }
    let set = try ExecutableSet(locatedFrom: place.path / own)
    #expect(set.program == place.path / "bin/preflight")
    #expect(set.executable(of: .commitMsg) == place.path / "libexec/preflight/commit-msg")
    #expect(set.mergeDriver == place.path / "libexec/preflight/preflight-merge")
  }

  @Test("In a build directory all lie side by side", arguments: ["preflight", "post-commit"])
  func buildDirectory(own: String) throws {
    for name in ["preflight", "preflight-merge"] + HookName.allCases.map(\.rawValue) {
      try makeExecutable("debug/\(name)")
    }
    let set = try ExecutableSet(locatedFrom: place.path / "debug/\(own)")
    #expect(set.program == place.path / "debug/preflight")
    #expect(set.executable(of: .preCommit) == place.path / "debug/pre-commit")
  }

  @Test("What is missing is named")
  func incomplete() throws {
    try makeExecutable("bin/preflight")
    for hook in HookName.allCases.dropLast(2) { try makeExecutable("libexec/preflight/\(hook)") }
    let error = #expect(throws: InstallationError.self) {
      try ExecutableSet(locatedFrom: place.path / "bin/preflight")
    }
    #expect(
      error?.description == "'\(place.path)/bin/preflight' comes without 'post-rewrite', 'post-commit', "
        + "'preflight-merge': run './install.sh' again")
  }

  @Test("A hook that cannot be started is an error, and this process goes on")
  func cannotRun() throws {
    for name in ["preflight", "preflight-merge"] + HookName.allCases.map(\.rawValue) { try makeExecutable(name) }
    let set = try ExecutableSet(locatedFrom: place.path / "preflight")
    try (place.path / "pre-push").remove()
    do {
      try set.run(.prePush, arguments: ["origin"], environment: Environment())
    } catch {
      #expect(error.description == "cannot start '\(place.path)/pre-push': No such file or directory")
    }
  }

  @Test("The canary's answer is one line, and nothing is answered unasked")
  func canary() throws {
    let file = place.path / "canary"
    var environment = Environment()
    #expect(!Canary.answer(.preCommit, version: "1.2.3", environment: environment))
    environment[bytes: Canary.variable] = file.bytes
    #expect(Canary.answer(.preCommit, version: "1.2.3", environment: environment))
    #expect(String(decoding: try file.contents(), as: UTF8.self) == "preflight pre-commit 1.2.3\n")
  }

  @Test(
    "Ours are known by their whole form",
    arguments: [
      ("#!/x/pre-commit\n", true), ("#!/x/pre-commit", true), ("#!/x/pre-commit\nexit\n", false),
      ("#!/x/commit-msg\n", false), ("#!pre-commit\n", false), ("\u{7f}ELF…PREFLIGHT_CANARY…", true),
      ("\u{7f}ELF…", false), ("#!/bin/sh\n# preflight: PREFLIGHT_CANARY\n", false), ("", false),
    ])
  func recognised(text: String, isOurs: Bool) throws {
    let file = place.path / "pre-commit"
    try file.write(Array(text.utf8))
    #expect(try HookFile(at: file, hook: .preCommit).isOurs == isOurs)
  }

  @Test(
    "The line form ends where a kernel or a blank would cut the path",
    arguments: [
      (FilePath(Array(repeating: UInt8(ascii: "x"), count: 115)), true),
      (FilePath(Array(repeating: UInt8(ascii: "x"), count: 116)), true),
      (FilePath(Array(repeating: UInt8(ascii: "x"), count: 117)), false),
      ("/a b", false), ("/a\tb", false), ("/a\nb", false),
    ])
  func form(executable: FilePath, isLine: Bool) {
    #expect((HookForm(of: executable) != .copy) == isLine)
  }
}
