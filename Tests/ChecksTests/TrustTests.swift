import Foundation
import Platform
import Testing

@testable import Checks

func withTemporaryDirectory(_ body: (FilePath) throws -> Void) throws {
  let directory = try FilePath.temporaryDirectory(prefix: "checks-tests").resolved()
  defer { try? directory.removeRecursively() }
  try body(directory)
}

@Suite("Trust")
struct TrustTests {
  let tests = TrustedCommand("checks.tests", ["npm", "test", "a b%\n", ""])
  let lint = TrustedCommand("checks.lint", ["npm", "run", "lint"])

  private func withState(_ body: (Environment, _ file: () throws -> FilePath) throws -> Void) throws {
    try withTemporaryDirectory { directory in
      let folder = directory / "preflight/trust"
      try body(Environment(["XDG_STATE_HOME": directory.description])) {
        let first = try folder.entries().first
        return try folder.appending(#require(first).bytes)
      }
    }
  }

  @Test("Nothing is approved at first; then exactly what was, in this repository only")
  func approval() throws {
    try withState { environment, _ in
      var trust = try Trust.load(repository: "one", environment: environment)
      #expect(!trust.isApproved(tests))
      try trust.approve([tests, lint])
      #expect(trust.isApproved(tests))

      let again = try Trust.load(repository: "one", environment: environment)
      #expect(again.approved == [tests, lint])
      #expect(!again.isApproved(TrustedCommand("checks.tests", ["npm", "test", "a", "b%\n", ""])))
      #expect(!again.isApproved(TrustedCommand("checks.other", tests.words)))
      #expect(!again.isApproved(TrustedCommand(tests.table, tests.words, in: .main)))
      #expect(try !Trust.load(repository: "two", environment: environment).isApproved(tests))
    }
  }

  @Test("Approving anew takes back what is no longer named")
  func withdrawal() throws {
    try withState { environment, _ in
      var trust = try Trust.load(repository: "one", environment: environment)
      try trust.approve([tests, lint])
      try trust.approve([lint])
      #expect(try !Trust.load(repository: "one", environment: environment).isApproved(tests))
    }
  }

  @Test("Two spellings that look alike are two commands")
  func spellings() {
    let composed = TrustedCommand("checks.a", ["caf\u{e9}"])
    let decomposed = TrustedCommand("checks.a", ["cafe\u{301}"])
    #expect(composed != decomposed)
    #expect(Trust.difference(from: [composed], to: [decomposed]).added == [decomposed])
  }

  @Test("After a change the difference is what was added and what is gone")
  func difference() {
    let changed = TrustedCommand("checks.tests", ["npm", "test", "--fast"])
    let difference = Trust.difference(from: [tests, lint], to: [lint, changed])
    #expect(difference == Trust.Difference(added: [changed], removed: [tests]))
    #expect(Trust.difference(from: [tests, lint], to: [lint, tests]).isEmpty)
  }

  @Test("Only the user can read the record and enter its directory")
  func permissions() throws {
    try withState { environment, file in
      var trust = try Trust.load(repository: "one", environment: environment)
      try trust.approve([tests])
      #expect(try file().status()?.permissions == 0o600)
      #expect(try file().parent.status()?.permissions == 0o700)
      #expect(try file().parent.parent.status()?.permissions == 0o700)
    }
  }

  @Test("PREFLIGHT_TRUST=1 approves everything, without a home too; another value does not")
  func variable() throws {
    let trust = try Trust.load(repository: "one", environment: Environment(["PREFLIGHT_TRUST": "1"]))
    #expect(trust.isApproved(tests))
    #expect(throws: TrustError.noStateDirectory) {
      try Trust.load(repository: "one", environment: Environment(["PREFLIGHT_TRUST": "0"]))
    }
  }

  @Test(
    "Without a home, or with a relative one, it says what to set", arguments: [[:], ["HOME": ""], ["HOME": "home"]])
  func noHome(variables: [String: String]) {
    let error = #expect(throws: TrustError.self) {
      try Trust.load(repository: "one", environment: Environment(variables))
    }
    #expect(
      error?.description == """
        neither XDG_STATE_HOME nor HOME is set to an absolute path: there is no place to keep state on this machine; \
        set HOME, or PREFLIGHT_TRUST=1 to approve every command
        """)
  }

  @Test("A relative XDG_STATE_HOME is ignored")
  func relativeState() throws {
    let environment = Environment(["XDG_STATE_HOME": "state", "HOME": "/home/ann"])
    #expect(try StateDirectory(environment: environment).path == "/home/ann/.local/state/preflight")
  }

  @Test(
    "A record that is not as we wrote it is refused, with its line",
    arguments: [
      ("", 1), ("preflight trust 2\nrepository one\n", 1), ("preflight trust 1\nrepository two\n", 2),
      ("preflight trust 1\n", 2), ("preflight trust 1\nrepository one\ncommand checks.tests worktree npm", 3),
      ("preflight trust 1\nrepository one\ncommand checks.tests worktree\n", 3),
      ("preflight trust 1\nrepository one\ncommand checks.tests cellar npm\n", 3),
      ("preflight trust 1\nrepository one\ncommand checks.tests worktree %6e\n", 3),
      ("preflight trust 1\nrepository one\n\n", 3),
    ])
  func damaged(text: String, line: Int) throws {
    try withState { environment, file in
      var trust = try Trust.load(repository: "one", environment: environment)
      try trust.approve([tests])
      let path = try file()
      try path.write(Array(text.utf8), permissions: 0o600)
      #expect(throws: TrustError.damaged(path, line: line)) {
        try Trust.load(repository: "one", environment: environment)
      }
    }
  }

  @Test("A record that others can write, or a directory, is refused")
  func exposed() throws {
    try withState { environment, file in
      var trust = try Trust.load(repository: "one", environment: environment)
      try trust.approve([tests])
      let path = try file()
      try path.setPermissions(0o620)
      #expect(throws: TrustError.exposed(path)) { try Trust.load(repository: "one", environment: environment) }
      try path.setPermissions(0o600)
      try path.parent.setPermissions(0o777)
      #expect(throws: TrustError.exposed(path.parent)) { try Trust.load(repository: "one", environment: environment) }
      #expect(throws: TrustError.exposed(path.parent)) { try trust.approve([lint]) }
    }
  }

  @Test("A symbolic link in its place is refused")
  func symbolicLink() throws {
    try withState { environment, file in
      var trust = try Trust.load(repository: "one", environment: environment)
      try trust.approve([tests])
      let path = try file()
      try path.rename(to: path.parent.parent / "elsewhere")
      try path.createLink(to: path.parent.parent / "elsewhere")
      #expect(throws: TrustError.notAFile(path)) { try Trust.load(repository: "one", environment: environment) }
    }
  }

  @Test("A record of another user is refused", .enabled(if: CurrentProcess.user == 0, "only root can give a file away"))
  func foreign() throws {
    try withState { environment, file in
      var trust = try Trust.load(repository: "one", environment: environment)
      try trust.approve([tests])
      let path = try file()
      try #require(chown(path.description, 65534, 65534) == 0)
      let error = #expect(throws: TrustError.notOurs(path)) {
        try Trust.load(repository: "one", environment: environment)
      }
      #expect(error?.description.contains("belongs to another user") == true)
    }
  }
}
