import Foundation
import Platform
import Testing

/// A shell that runs `script` with the words after it as `$1` and so on.
private func shell(_ script: String, _ words: Argument..., input: [UInt8]? = []) -> ProcessRequest {
  ProcessRequest("/bin/sh", ["-c", Argument(script), "sh"] + words, input: input)
}

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Waits until no process of group `id` is left; a killed orphan stays visible until its new parent has waited for it.
private func isGone(_ id: Int32) -> Bool {
  let until = Clock.monotonic() + 10
  while Clock.monotonic() < until {
    let state = try? FilePath("/proc/\(id)/stat").contents()
    if kill(id, 0) != 0 { return true }
    if let state, text(state).split(separator: ")").last?.hasPrefix(" Z") == true { return true }
    Clock.sleep(seconds: 0.02)
  }
  return false
}

@Suite("A child process")
struct ChildProcessTests {
  @Test("Its output, its errors and its exit status come back")
  func outputAndStatus() throws {
    let result = try ChildProcess.run(shell("echo out; echo err >&2; exit 7"))
    #expect(text(result.output) == "out\n")
    #expect(text(result.error) == "err\n")
    #expect(result.ending == .exited(7))
    #expect(!result.succeeded)
  }

  @Test("A child that fills both pipes with a megabyte each is read to the end")
  func bothPipesFull() throws {
    let half = "head -c 1048576 /dev/zero"
    let result = try ChildProcess.run(shell("\(half) & \(half) >&2; wait"))
    #expect(result.output.count == 1 << 20)
    #expect(result.error.count == 1 << 20)
    #expect(result.succeeded)
  }

  @Test("A megabyte of input comes back through a child that echoes it")
  func input() throws {
    let input = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let result = try ChildProcess.run(ProcessRequest("cat", [], input: input))
    #expect(result.output == input)
  }

  @Test("A child that does not want its input is no failure")
  func unwantedInput() throws {
    let result = try ChildProcess.run(shell("exec 0<&-; echo done", input: .init(repeating: 65, count: 1 << 20)))
    #expect(text(result.output) == "done\n")
    #expect(result.succeeded)
  }

  @Test("Empty input is the end of the file at once")
  func emptyInput() throws {
    #expect(try ChildProcess.run(ProcessRequest("cat", [])).output.isEmpty)
  }

  @Test("Merged streams keep the order in which they were written")
  func mergedStreams() throws {
    var request = shell("echo 1; echo 2 >&2; echo 3")
    request.mergesError = true
    #expect(text(try ChildProcess.run(request).output) == "1\n2\n3\n")
  }

  @Test("With a limit the last bytes are kept, and how many went before is told")
  func captureLimit() throws {
    var request = shell("head -c 1000000 /dev/zero; printf end")
    request.captureLimit = 1000
    let result = try ChildProcess.run(request)
    #expect(result.output.count == 1000)
    #expect(text(result.output.suffix(3)) == "end")
    #expect(result.omittedOutput == 1_000_003 - 1000)
  }

  @Test("Words and variables reach the child byte by byte, UTF-8 or not")
  func bytes() throws {
    let odd: [UInt8] = [0xff, 0x20, 0xfe, 0x0a, 0x24, 0x27]
    var request = shell(#"printf '%s|%s' "$1" "$ODD""#, Argument(odd))
    request.environment[bytes: "ODD"] = [0xc3, 0x28]
    #expect(try ChildProcess.run(request).output == odd + [0x7c, 0xc3, 0x28])
  }

  @Test("A child killed by a signal says by which")
  func killed() throws {
    let result = try ChildProcess.run(shell("kill -USR1 $$"))
    #expect(result.ending == .killed(signal: SIGUSR1))
    #expect(result.exitStatus == 128 + SIGUSR1)
  }

  @Test("A grandchild that keeps the pipe does not keep us")
  func lingeringGrandchild() throws {
    let start = Clock.monotonic()
    let result = try ChildProcess.run(shell("sleep 60 & echo $!"))
    #expect(Clock.monotonic() - start < 30)
    #expect(result.succeeded)
    kill(try #require(Int32(text(result.output).trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
  }

  @Test("Neither does one that never stops writing into it")
  func chatteringGrandchild() throws {
    let start = Clock.monotonic()
    var request = shell("(while :; do echo x; done) & echo $! >&2")
    request.captureLimit = 1000
    request.error = .captured
    let child = try ChildProcess(request)
    let result = child.finish()
    #expect(Clock.monotonic() - start < 30)
    let line = text(result.error).prefix { $0 != "\n" }
    kill(try #require(Int32(line)), SIGKILL)
  }

  @Test("A poll returns in time while the child runs without any pipe")
  func pollWithoutPipes() throws {
    var request = shell("sleep 60")
    request.output = .discarded
    request.error = .discarded
    let child = try ChildProcess(request)
    let start = Clock.monotonic()
    #expect(!child.poll(seconds: 0.01))
    #expect(Clock.monotonic() - start < 30)
    child.kill(signal: SIGKILL)
    #expect(child.finish().ending == .killed(signal: SIGKILL))
  }

  @Test("A program is found in the request's own PATH, relative to its directory")
  func ownPath() throws {
    try withTemporaryDirectory { directory in
      try (directory / "bin").createDirectories()
      try (directory / "bin/hello").write(Array("#!/bin/sh\necho hello\n".utf8), permissions: 0o755)
      try (directory / "bin/locked").write(Array("#!/bin/sh\n".utf8), permissions: 0o644)
      let environment = Environment(["PATH": "bin"])
      let request = ProcessRequest("hello", [], environment: environment, directory: directory)
      #expect(text(try ChildProcess.run(request).output) == "hello\n")

      let locked = ProcessRequest("locked", [], environment: environment, directory: directory)
      let error = #expect(throws: SystemError.self) { try ChildProcess.run(locked) }
      #expect(error?.description == "cannot start 'locked': Permission denied")
    }
  }

  @Test("A script without a '#!' line is run by sh, as a shell would")
  func scriptWithoutInterpreter() throws {
    try withTemporaryDirectory { directory in
      try (directory / "hook").write(Array("echo \"$0 $1\"\n".utf8), permissions: 0o755)
      let result = try ChildProcess.run(ProcessRequest(directory / "hook", ["word"]))
      #expect(text(result.output) == "\(directory)/hook word\n")
    }
  }

  @Test("A directory that has vanished is named, not the program")
  func vanishedDirectory() throws {
    let request = ProcessRequest("/bin/sh", ["-c", "exit 0"], directory: "/no/such/place")
    let error = #expect(throws: SystemError.self) { try ChildProcess.run(request) }
    #expect(error?.description == "cannot start '/no/such/place': No such file or directory")
  }

  @Test("Starting and failing to start leaves no descriptor open")
  func noDescriptorLeaks() throws {
    func openFiles() throws -> Int { try FilePath("/proc/self/fd").entries().count }
    let before = try openFiles()
    for _ in 0..<50 {
      _ = try ChildProcess.run(shell("cat; echo err >&2", input: [1, 2, 3]))
      _ = try? ChildProcess.run(ProcessRequest("/no/such/program", [], input: [1]))
    }
    #expect(try openFiles() < before + 40)  // other tests run beside this one
  }
}

@Suite("Stopping a child process")
struct ChildProcessTimeoutTests {
  @Test("A time-out ends a child that ignores SIGTERM")
  func ignoresTermination() throws {
    var request = shell("trap '' TERM; while :; do sleep 1; done")
    request.ownGroup = true
    request.timeout = 0.3
    request.grace = 0.3
    let start = Clock.monotonic()
    let result = try ChildProcess.run(request)
    #expect(result.ending == .timedOut)
    #expect(result.exitStatus == 124)
    #expect(Clock.monotonic() - start < 30)
  }

  @Test("A time-out gives a child the chance to clean up")
  func cleanUp() throws {
    var request = shell("trap 'echo cleaned; exit 3' TERM; sleep 60 & wait")
    request.ownGroup = true
    request.timeout = 0.5
    request.grace = 20
    let result = try ChildProcess.run(request)
    #expect(text(result.output) == "cleaned\n")
    #expect(result.ending == .timedOut)
  }

  @Test(
    "A time-out kills the whole group, grandchildren that ignore SIGTERM and hold no pipe too", arguments: [0, 0.3])
  func wholeGroup(grace: Double) throws {
    try withTemporaryDirectory { directory in
      let script = #"(trap '' TERM; exec sleep 60) >/dev/null 2>&1 & echo $! >"$1"; sleep 60"#
      var request = shell(script, Argument(directory / "pid"))
      request.ownSession = true
      request.timeout = 0.5
      request.grace = grace
      #expect(try ChildProcess.run(request).ending == .timedOut)
      let id = try #require(Int32(text((directory / "pid").contents()).trimmingCharacters(in: .whitespacesAndNewlines)))
      #expect(isGone(id))
    }
  }

  @Test("A child in a session of its own has no terminal to ask on")
  func ownSession() throws {
    var request = shell("ps -o sid= -p $$ | tr -d ' '; echo $$")
    request.ownSession = true
    let lines = text(try ChildProcess.run(request).output).split(separator: "\n")
    try #require(lines.count == 2, "ps(1) is needed")
    #expect(lines[0] == lines[1])
  }

  @Test("A child that ends in time is not touched")
  func inTime() throws {
    var request = shell("exit 0")
    request.timeout = 60
    #expect(try ChildProcess.run(request).succeeded)
  }

  @Test("The child starts with the usual signals, whatever we ignore")
  func defaultSignals() throws {
    ignoreBrokenPipes()
    #expect(try ChildProcess.run(shell("kill -PIPE $$")).ending == .killed(signal: SIGPIPE))
  }
}
