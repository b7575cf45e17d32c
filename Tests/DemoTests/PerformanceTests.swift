import Foundation
import Platform
import Reporting
import TestSupport
import Testing

@testable import Demo

/// Plays stories and keeps what was said.
private final class Audience {
  private(set) var output = ""
  private(set) var errors = ""

  func watch(_ steps: [Step], keeping: Bool = false, interruption: () -> Int32? = { nil }) throws {
    let performance = Performance(
      programs: "/nowhere", keepsStage: keeping, output: Printer(style: .plain) { self.output += $0 },
      errors: Printer(style: .plain) { self.errors += $0 })
    try performance.play([Scene("A scene", in: ".", steps)], epilogue: ["the end"], interruption: interruption)
  }

  /// The first line names it.
  var stage: FilePath? {
    output.firstMatch(of: /The hive is built in (.*)\./).map { FilePath(String($0.output.1)) }
  }

  /// What was said, with `STAGE` for the directory and `_` for the time.
  var transcript: String {
    output.replacingOccurrences(of: stage?.description ?? "", with: "STAGE")
      .replacing(/in \d+ seconds?/, with: "in _ seconds")
  }
}

@Suite("Performances")
struct PerformanceTests {
  @Test("Commands are shown as typed, from where they are typed, with what they print; nothing is left behind")
  func transcript() throws {
    let audience = Audience()
    try audience.watch([
      Step(.create([.init("there/new", "a\nb\n"), .init("it's", "")]), intention: "Files come into being."),
      Step(.edit(file: "new", from: "b\n", to: "c\nd\n"), in: "there"),
      Step(.type("cat new"), in: "there", expecting: .pass("c\nd")),
      Step(.type("for i in 1 2; do\n  echo out $i; echo err $i >&2\ndone"), intention: "A loop."),
      Step(.type("echo \"hint: to see it: cat 'it'\\''s' && echo 'a: b'\"; exit 3"), expecting: .init(status: 3)),
      Step(.pasteHint, intention: "Pasted.", expecting: .pass("a: b")),
    ])
    #expect(
      audience.transcript == #"""
        The hive is built in STAGE.

        0. A scene

        Files come into being.
        # write there/new it's
        $ cd there
        # edit new
        -b
        +c
        +d
        $ cat new
        a
        c
        d

        A loop.
        $ cd ..
        $ for i in 1 2; do
        >   echo out $i; echo err $i >&2
        > done
        out 1
        err 1
        out 2
        err 2
        $ echo "hint: to see it: cat 'it'\''s' && echo 'a: b'"; exit 3
        hint: to see it: cat 'it'\''s' && echo 'a: b'

        Pasted.
        $ cat 'it'\''s' && echo 'a: b'
        a: b

        All went as expected: 4 commands in _ seconds.
        The hive is removed: nothing is left behind.
        the end

        """#)
    #expect(audience.errors == "")
    #expect(try #require(audience.stage).exists == false)
  }

  @Test(
    "A step that does not end as it must ends the story, and says what was expected",
    arguments: [
      (Step(.type("exit 2")), "exit status 0 was expected, and it is 2"),
      (Step(.type("true"), expecting: .init(status: 1)), "exit status 1 was expected, and it is 0"),
      (Step(.type("echo a"), expecting: .pass("b")), "'b' was expected in what is printed"),
      (Step(.type("kill -9 $$")), "exit status 0 was expected, and it is 137"),
      (Step(.pasteHint), "a hint was expected"),
      (Step(.edit(file: "preset", from: "nowhere", to: "")), "'nowhere' was expected once in 'preset'"),
      (Step(.edit(file: "preset", from: "x", to: "")), "'x' was expected once in 'preset'"),
    ] as [(Step, String)])
  func unexpected(step: Step, words: String) throws {
    let audience = Audience()
    #expect(throws: StoryEnd.unexpected(words)) {
      try audience.watch([Step(.create([.init("preset", "xx")])), step, Step(.type("echo never shown"))])
    }
    #expect(
      audience.errors == """
        error: the demo stops: \(words)
        hint: to look around in the hive: preflight demo --keep

        """)
    #expect(!audience.output.contains("never shown") && !audience.output.contains("the end"))
    #expect(try #require(audience.stage).exists == false)
  }

  @Test("A worktree that must stay as it was and does not ends the story", arguments: ["HEAD", "index", "file"])
  func touched(what: String) throws {
    let harm = [
      "HEAD": "git commit -q --allow-empty -m b", "index": "git rm -q --cached a", "file": "echo c > ignored",
    ]
    let setUp = [
      Step(.type("git init -q w && cd w && git config user.name A && git config user.email a@example.com")),
      Step(.create([.init("w/a", "a"), .init("w/ignored", "b"), .init("w/.gitignore", "ignored\n")])),
      Step(.type("git -C w add . && git -C w commit -q -m a")),
    ]
    let audience = Audience()
    try audience.watch(setUp + [Step(.type("git -C w log"), expecting: .pass(untouched: "w"))])
    #expect(audience.output.contains("# compared: branch, index and all 3 files of w are as before\n"))
    #expect(throws: StoryEnd.unexpected("'w' was expected to stay as it was")) {
      try Audience().watch(
        setUp + [Step(.type("cd w && " + harm[what]!), expecting: .pass(untouched: "w"))])
    }
  }

  @Test("Whoever interrupts it ends the command that runs, and finds nothing left behind")
  func interruption() throws {
    let audience = Audience()
    let start = Clock.monotonic()
    #expect(throws: StoryEnd.interrupted(signal: SIGTERM)) {
      try audience.watch([Step(.type("sleep 300 & echo started; wait"))]) {
        Clock.monotonic() > start + 0.3 ? SIGTERM : nil
      }
    }
    #expect(Clock.monotonic() < start + 60)
    #expect(audience.errors == "")
    #expect(try #require(audience.stage).exists == false)
  }

  @Test("A stage that is kept stays, however the story ends", arguments: [0, 1])
  func keeping(status: Int32) throws {
    let audience = Audience()
    try? audience.watch([Step(.create([.init("a", "b")])), Step(.type("exit \(status)"))], keeping: true)
    let stage = try #require(audience.stage)
    defer { try? stage.removeRecursively() }
    #expect(try (stage / "a").contents() == Array("b".utf8))
    #expect(audience.output.contains("The hive stays in \(stage)"))
    #expect(!audience.errors.contains("--keep"))
  }

  @Test("Nothing of the outside reaches the stage: no configuration, no variable of git or preflight")
  func seal() throws {
    let inherited = Environment([
      "GIT_DIR": "/elsewhere", "GIT_AUTHOR_NAME": "Somebody", "PREFLIGHT_SKIP": "exports", "PREFLIGHT_DEPTH": "1",
      "CI": "true", "PATH": "/bin", "HOME": "/home/somebody", "XDG_CONFIG_HOME": "/home/somebody/.config", "KEPT": "1",
    ])
    let stage = try Stage(programs: "/programs", environment: inherited)
    defer { try? stage.remove() }
    let names = Set(stage.environment.names)
    #expect(
      Set(names.filter { $0.hasPrefix("GIT_") }) == ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_TERMINAL_PROMPT"])
    #expect(names.filter { $0.hasPrefix("PREFLIGHT_") || $0 == "CI" || $0 == "XDG_CONFIG_HOME" }.isEmpty)
    #expect(stage.environment["PATH"] == "/programs:/bin")
    #expect(stage.environment["HOME"] == stage.directory.description)
    #expect(stage.environment["XDG_STATE_HOME"] == "\(stage.directory)/state")
    #expect(stage.environment["KEPT"] == "1")
  }
}
