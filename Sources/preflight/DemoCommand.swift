import ArgumentParser
import Demo
import Platform
import Reporting

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Shows preflight at work on six streams, with the real hooks.",
    discussion: """
      The hive is built in a temporary directory that is gone afterwards; nothing else is read or written. Each command \
      is shown as typed, with what it prints. Exit status 1 where one does not do what it must.
      """)

  @Flag(help: "Leave the hive where it was built, to look around in.")
  var keep = false

  func run() throws {
    let signals = SignalWatch()
    let performance = Performance(
      programs: try CurrentProcess.executable().parent, keepsStage: keep, output: Printer(.output),
      errors: Printer(.error))
    do {
      try performance.play(LiveServices.scenes, epilogue: LiveServices.epilogue) { signals.interruption?.signal }
    } catch StoryEnd.unexpected {
      throw ExitStatus.findings
    } catch StoryEnd.interrupted(let signal) {
      throw Interrupted(signal: signal)
    }
  }
}
