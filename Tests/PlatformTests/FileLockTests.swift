import Foundation
import Platform
import Testing

/// Whether the lock can be had; it is let go at once.
private func isFree(_ path: FilePath) throws -> Bool {
  switch try FileLock(trying: path) {
  case .some: true
  case .none: false
  }
}

@Suite("A file lock")
struct FileLockTests {
  @Test("One holds it, the other is told who does; letting go frees it and forgets the holder")
  func oneHolder() throws {
    try withTemporaryDirectory { directory in
      let path = directory / "lock"
      if let lock = try FileLock(trying: path, holder: "tests in ws1") {
        #expect(try !isFree(path))
        let holder = FileLock.holder(of: path)
        #expect(holder?.process == CurrentProcess.id)
        #expect(holder?.description == "tests in ws1")
        _ = consume lock
      } else {
        Issue.record("nobody else holds it")
      }
      #expect(FileLock.holder(of: path) == nil)
      #expect(try isFree(path))
    }
  }

  @Test("It dies with its process, however that ends")
  func diesWithItsProcess() throws {
    try withTemporaryDirectory { directory in
      let path = directory / "lock"
      let script = #"exec 9>"$1"; flock -n 9 || exit 1; echo locked; exec sleep 60"#
      let other = try ChildProcess(ProcessRequest("/bin/sh", ["-c", Argument(script), "sh", Argument(path)]))
      let until = Clock.monotonic() + 20
      while other.output.isEmpty, Clock.monotonic() < until { _ = other.poll(seconds: 0.05) }
      try #require(!other.output.isEmpty)
      #expect(try !isFree(path))
      other.kill(signal: SIGKILL)
      _ = other.finish()
      #expect(try isFree(path))
    }
  }

  @Test("A child that we start does not inherit it")
  func notInherited() throws {
    try withTemporaryDirectory { directory in
      let path = directory / "lock"
      let lock = try FileLock(trying: path)
      let child = try ChildProcess(ProcessRequest("sleep", ["60"]))
      _ = consume lock
      #expect(try isFree(path))
      child.kill(signal: SIGKILL)
      _ = child.finish()
    }
  }

  @Test("A lock that cannot be made is an error that names it")
  func impossible() {
    let error = #expect(throws: SystemError.self) { try isFree("/no/such/lock") }
    #expect(error?.description == "cannot lock '/no/such/lock': No such file or directory")
  }
}

@Suite("The environment")
struct EnvironmentTests {
  @Test("Values are bytes, and as text what is not UTF-8 is replaced")
  func values() {
    var environment = Environment(["A": "1"])
    environment[bytes: "B"] = [0xff]
    #expect(environment["A"] == "1")
    #expect(environment["B"] == "\u{fffd}")
    #expect(environment[bytes: "B"] == [0xff])
    environment["A"] = nil
    #expect(Array(environment.names) == ["B"])
  }

  @Test("That of this process is read anew each time")
  func current() {
    setenv("PREFLIGHT_TEST_VARIABLE", "x=y", 1)
    #expect(Environment.current["PREFLIGHT_TEST_VARIABLE"] == "x=y")
    unsetenv("PREFLIGHT_TEST_VARIABLE")
    #expect(Environment.current["PREFLIGHT_TEST_VARIABLE"] == nil)
  }

  @Test("A variable whose name is not UTF-8 passes through to a child")
  func oddName() throws {
    let name: [UInt8] = [0x41, 0xff]
    let terminated = (name + [0]).map { CChar(bitPattern: $0) }
    setenv(terminated, "v", 1)
    defer { unsetenv(terminated) }
    let output = try ChildProcess.run(ProcessRequest("env", [], environment: .current)).output
    #expect(output.split(separator: 0x0a).contains { Array($0) == name + Array("=v".utf8) })
  }
}
