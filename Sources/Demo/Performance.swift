import Platform
import Reporting

/// A story from the first step to the last, on a stage that is gone afterwards, however it ends.
public struct Performance {
  /// The directory of the executables that are shown.
  public var programs: FilePath
  /// Whether the stage stays, for somebody to look around in.
  public var keepsStage: Bool
  public var output: Printer
  public var errors: Printer

  public init(programs: FilePath, keepsStage: Bool, output: Printer, errors: Printer) {
    self.programs = programs
    self.keepsStage = keepsStage
    self.output = output
    self.errors = errors
  }

  /// Plays `scenes` and, where all went as expected, says `epilogue`.
  ///
  /// - Parameter interruption: asked again and again, the signal by which somebody wants this process to end.
  /// - Throws: `StoryEnd`, and what keeps the stage from being set up.
  public func play(_ scenes: [Scene], epilogue: [DisplayText] = [], interruption: () -> Int32? = { nil }) throws {
    let start = Clock.monotonic()
    let stage = try Stage(programs: programs)
    var player = Player(stage, printer: output)
    do {
      output.print("The hive is built in \(stage.directory).")
      try player.play(scenes, interruption)
    } catch {
      if case StoryEnd.unexpected(let words) = error { explain(words) }
      try? strike(stage)
      throw error
    }
    let seconds = Int((Clock.monotonic() - start).rounded(.up))
    output.print(["", "All went as expected: \(player.commandCount, "command") in \(seconds, "second")."])
    try strike(stage)
    output.print(epilogue)
  }

  private func strike(_ stage: Stage) throws {
    if keepsStage { return output.print("The hive stays in \(stage.directory) until you remove it.") }
    try stage.remove()
    output.print("The hive is removed: nothing is left behind.")
  }

  private func explain(_ words: String) {
    errors.print("\("error:", .error) the demo stops: \(words)")
    if !keepsStage { errors.print("\("hint:", .hint) to look around in the hive: preflight demo --keep") }
  }
}
