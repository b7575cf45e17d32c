import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight launch")
struct LaunchCommandTests {
  /// A program for people: it takes nothing but a terminal, answers, and is stopped by the keyboard.
  private static let agent = #"""
    #!/bin/sh
    [ -t 0 ] && [ -t 1 ] && [ -t 2 ] || exit 9
    trap 'echo "interrupted $?"; exit 0' INT
    printf '%s\n' "arguments $#" "$1" "in $PWD as $PREFLIGHT_STREAM-$PREFLIGHT_SLOT, process $$"
    read -r line
    echo "heard $line"
    while :; do sleep 0.1; done
    """#

  private static let plan = """
    [project]
    trunk = "main"
    name = "the: shop"

    [worktree]
    dir = ".."

    [sync]
    quiet = "0s"

    [launch]
    run = ["agent", "{brief}", "{brief-file}"]

    [streams.a]
    name = "Alpha"
    branch = "topic/a"
    dir = "tree a"
    issues = [{ id = "T-1", title = "one's \\"title\\"" }]

    [streams.b]
    branch = "topic/b"
    dir = "b"

    """

  private let repository: TestRepository
  private let place: FilePath
  private let bin: FilePath

  init() throws {
    repository = try TestRepository()
    place = repository.surroundings / "tree a"
    bin = repository.surroundings / "bin"
    try bin.createDirectories()
    try (bin / "agent").write(Array(Self.agent.utf8), permissions: 0o755)
    repository.environment["PATH"] =
      "\(bin):\(try BuiltProducts.directory()):" + (repository.environment["PATH"] ?? "/usr/bin:/bin")
    repository.environment["PREFLIGHT_TRUST"] = "1"
    repository.environment["TERM"] = "dumb"
    try repository.commit("feat: start", ["preflight.toml": Self.plan, "file": "1\n"])
    _ = try repository.preflight("up", "a")
  }

  @Test("The program has the terminal to itself: it reads from it, is stopped by it, and no process stands between")
  func terminal() throws {
    try repository.commit("feat: trunk moves on", ["file": "2\n"])
    let terminal = try PseudoTerminal()
    let child = try terminal.start(
      "preflight", ["launch", "a"], environment: repository.environment, in: repository.path)
    let shown = try terminal.wait(for: ", process \(child.id)")
    #expect(shown.contains("in \(place) as a-1, process \(child.id)"), "\(shown)")
    #expect(shown.contains("arguments 2") && shown.contains("# a (Alpha)") && shown.contains("T-1: one's \"title\""))
    #expect(try repository.tip("topic/a") == repository.tip("main"), "its worktree was brought onto trunk")
    terminal.type("hello\n")
    _ = try terminal.wait(for: "heard hello")
    // Meanwhile its worktree is its own.
    let sync = try repository.preflight("sync", "--no-fetch", "--dry-run")
    #expect(sync.status == 0)
    try repository.commit("feat: trunk goes further", ["file": "3\n"])
    let left = try repository.preflight("sync", "--no-fetch")
    #expect(left.standardOutput.contains("launch"), "\(left)")
    #expect(try repository.tip("topic/a") != repository.tip("main"))
    #expect(try repository.preflight("sync", "--no-fetch", "--here", in: place).status == 0)
    #expect(try repository.tip("topic/a") == repository.tip("main"), "its own sync moves it")
    terminal.type("\u{3}")
    _ = try terminal.wait(for: "interrupted")
    #expect(child.finish().ending == .exited(0))
    try repository.commit("feat: trunk goes on", ["file": "4\n"])
    #expect(try repository.preflight("sync", "--no-fetch").status == 0)
    #expect(try repository.tip("topic/a") == repository.tip("main"), "once it has ended, everybody's does")
  }

  @Test("Without a terminal the program is what refuses, and its exit status is the command's")
  func exitStatus() throws {
    #expect(try repository.preflight("launch", "a").status == 9)
  }

  @Test("The brief is in a file, too, and the file is where the program is told")
  func briefFile() throws {
    try (bin / "agent").write(
      Array("#!/bin/sh\nprintf %s \"$1\" | cmp - \"$2\" && head -n 1 \"$2\"\n".utf8), permissions: 0o755)
    let outcome = try repository.preflight("launch", "a")
    #expect(outcome == CommandOutcome(status: 0, standardOutput: "# a (Alpha)\n", standardError: ""), "\(outcome)")
  }

  @Test("A script without a first line of its own is run as a shell would run it")
  func plainScript() throws {
    try (bin / "agent").write(Array("echo plain\n".utf8), permissions: 0o755)
    #expect(try repository.preflight("launch", "a").standardOutput == "plain\n")
  }

  @Test("What keeps it from being launched is a sentence, and nothing was moved")
  func refusals() throws {
    try repository.commit("feat: trunk moves on", ["file": "2\n"])
    let before = try repository.tip("topic/a")
    func refusal(_ words: Argument..., environment: [String: String] = [:]) throws -> String {
      let outcome = try repository.attempt(
        BuiltProducts.executable("preflight"), ["launch"] + words, environment: environment)
      #expect(outcome.status == 2, "\(outcome)")
      return outcome.standardError
    }
    #expect(
      try refusal("b") == "preflight: error: b has no worktree\nhint: preflight up b\n")
    #expect(
      try refusal("a", environment: ["PREFLIGHT_TRUST": ""]).hasPrefix(
        "preflight: error: the command to launch is not approved on this machine: agent "))
    try (bin / "agent").remove()
    #expect(
      try refusal("a").hasPrefix(
        "preflight: error: cannot start 'agent': No such file or directory, which the plan launches\nhint: install it"))
    try (bin / "agent").write([], permissions: 0o644)
    #expect(try refusal("a").hasPrefix("preflight: error: cannot start 'agent': Permission denied"))
    #expect(try repository.tip("topic/a") == before)
    try repository.commit(
      "chore: plan",
      [
        "preflight.toml": Self.plan.replacingOccurrences(
          of: "run = [\"agent\", \"{brief}\", \"{brief-file}\"]", with: "")
      ])
    #expect(try refusal("a").hasPrefix("preflight: error: the plan names no program to launch\n"))
    #expect(try repository.preflight("launch").status == 64)
    #expect(try repository.preflight("launch", "a", "b").status == 64)
  }

  @Test("A brief that is too long for an argument names the way out")
  func tooLong() throws {
    let title = String(repeating: "x", count: 200_000)
    try repository.commit("chore: plan", ["preflight.toml": Self.plan.replacingOccurrences(of: "one's", with: title)])
    let outcome = try repository.preflight("launch", "a")
    #expect(
      outcome.status == 2 && outcome.standardError.contains("the brief is too long for an argument"),
      "\(outcome.status)")
    #expect(outcome.hints == ["use {brief-file} in the plan's [launch]"])
  }

  @Test("--all without tmux prints what to run, and typed it launches")
  func withoutTmux() throws {
    try (bin / "agent").write(Array("#!/bin/sh\necho launched $PREFLIGHT_STREAM\n".utf8), permissions: 0o755)
    let path = try pathWithoutTmux()
    let outcome = try repository.preflight("launch", "--all", environment: ["PATH": path])
    #expect(outcome.standardOutput == "cd '\(place)' && preflight launch a\n", "\(outcome)")
    #expect(outcome.standardError == "preflight: without a worktree: b\nhint: preflight up b\n")
    let typed = try repository.attempt(
      "sh", ["-c", Argument(outcome.standardOutput)], environment: ["PATH": path])
    #expect(typed.standardOutput == "launched a\n", "\(typed)")
  }

  /// The directories of `PATH` as links to all that is in them but tmux.
  private func pathWithoutTmux() throws -> String {
    let tools = repository.surroundings / "tools"
    try tools.createDirectories()
    for name in ["git", "sh", "sleep", "cat", "head"] {
      let program = try programFile(FilePath(name), environment: .current)
      try (tools / name).createLink(to: program)
    }
    return "\(bin):\(try BuiltProducts.directory()):\(tools)"
  }

  @Test("--all opens a window for each stream in a session of its own, or in the one that we are in")
  func fakeTmux() throws {
    _ = try repository.preflight("up", "b")
    let log = repository.surroundings / "tmux.log"
    let fake = """
      #!/bin/sh
      for word; do printf '[%s]' "$word" >> '\(log)'; done
      echo >> '\(log)'
      case $1 in
      list-windows) test -e '\(log).windows' || exit 1; cat '\(log).windows' ;;
      *) : ;;
      esac
      """
    try (bin / "tmux").write(Array(fake.utf8), permissions: 0o755)
    let outcome = try repository.preflight("launch", "--all", environment: ["TMUX": ""])
    #expect(
      outcome.standardOutput == """
        a: launched in a window of its own
        b: launched in a window of its own
        to see them: tmux attach -t =preflight-the--shop

        """, "\(outcome)")
    let opened = try log.contents()
    try (bin / "agent").rename(to: bin / "absent")
    let absent = try repository.preflight("launch", "--all", environment: ["TMUX": ""])
    #expect(absent.status == 2 && absent.standardOutput == "", "said once, not in a window of each: \(absent)")
    #expect(absent.standardError.hasPrefix("preflight: error: cannot start 'agent'"), "\(absent)")
    #expect(try log.contents() == opened, "no window is opened")
    try (bin / "absent").rename(to: bin / "agent")
    let program = try BuiltProducts.executable("preflight")
    let calls = String(decoding: try log.contents(), as: UTF8.self).components(separatedBy: "\n[")
    #expect(calls[0] == "[list-windows][-t][=preflight-the--shop][-F][#{window_name}]")
    #expect(calls[1].hasPrefix("new-session][-d][-s][preflight-the--shop][-n][a][-c][\(place)][/bin/sh][-c]["))
    #expect(calls[1].hasSuffix("[\(program)][launch][a]"))
    #expect(calls[2].hasPrefix("new-window][-d][-t][=preflight-the--shop:][-n][b]["))
    try log.remove()
    try FilePath("\(log).windows").write(Array("b\n".utf8))
    let inside = try repository.preflight("launch", "--all", environment: ["TMUX": "/tmp/x,1,0"])
    #expect(inside.standardOutput == "a: launched in a window of its own\nb: has a window already\n", "\(inside)")
    let insideCalls = String(decoding: try log.contents(), as: UTF8.self)
    #expect(insideCalls.contains("[new-window][-d][-n][a][-c]") && !insideCalls.contains("new-session"))
  }

  static let hasTmux = FilePath("/usr/bin/tmux").canBeExecuted

  @Test(
    "In a real tmux the program of each stream runs in its window, with a terminal", .enabled(if: hasTmux, "needs tmux")
  )
  func realTmux() throws {
    let sockets = repository.surroundings / "s"
    try sockets.createDirectories()
    let variables = ["TMUX": "", "TMUX_TMPDIR": sockets.description, "TERM": "screen"]
    defer { _ = try? repository.attempt("tmux", ["kill-server"], environment: variables) }
    let outcome = try repository.preflight("launch", "--all", environment: variables)
    #expect(
      outcome.status == 0 && outcome.standardOutput.contains("a: launched in a window of its own\n"), "\(outcome)")
    var screen = ""
    for _ in 0..<300 where !screen.contains("process ") {
      Clock.sleep(seconds: 0.1)
      screen = try repository.attempt(
        "tmux", ["capture-pane", "-p", "-J", "-S", "-", "-t", "=preflight-the--shop:a"], environment: variables
      ).standardOutput
    }
    #expect(screen.contains(" as a-1, process "), "\(screen)")
    let keys: [Argument] = ["send-keys", "-t", "=preflight-the--shop:a", "hello", "Enter"]
    #expect(try repository.attempt("tmux", keys, environment: variables).status == 0)
    for _ in 0..<300 where !screen.contains("heard hello") {
      Clock.sleep(seconds: 0.1)
      screen = try repository.attempt(
        "tmux", ["capture-pane", "-p", "-t", "=preflight-the--shop:a"], environment: variables
      ).standardOutput
    }
    #expect(screen.contains("heard hello"), "\(screen)")
    let again = try repository.preflight("launch", "--all", environment: variables)
    #expect(again.standardOutput.contains("a: has a window already"), "\(again)")
  }

  @Test("The scripts launch from wherever they are called, and take the place of no other file")
  func scripts() throws {
    try (bin / "agent").write(Array("#!/bin/sh\necho launched $PREFLIGHT_STREAM in $PWD\n".utf8), permissions: 0o755)
    _ = try repository.preflight("up", "b")
    let directory = repository.path / "scripts/live services"
    try repository.write("scripts/live services/launch-b.sh", "echo mine\n")
    let outcome = try repository.preflight("launch", "--script", "scripts/live services")
    #expect(outcome.status == 1)
    #expect(outcome.standardOutput == "wrote \(directory)/launch-a.sh\n")
    #expect(try repository.read("scripts/live services/launch-b.sh") == "echo mine\n")
    let launched = try repository.attempt(directory / "launch-a.sh", [], in: "/")
    #expect(launched.standardOutput == "launched a in \(place)\n", "\(launched)")
    #expect(try repository.preflight("launch", "a", "--script", "scripts/live services").status == 0, "written anew")
  }
}
