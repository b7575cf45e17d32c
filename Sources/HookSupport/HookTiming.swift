import Platform

/// How `preflight doctor --timing` learns where a hook's time goes: it starts the hook with `PREFLIGHT_TIMING` set to the
/// path of a file.
///
/// A hook that finds the variable rehearses: it asks all that it would ask, says nothing, writes nothing but that file,
/// starts nothing, and always ends with 0.
public final class HookTiming {
  public static let variable = "PREFLIGHT_TIMING"

  /// One line of the file: `nanoseconds name`.
  public struct Phase: Hashable {
    public let name: String
    public let nanoseconds: Int64
  }

  private let file: FilePath
  private var last = Clock.nowInNanoseconds()
  private var phases: [Phase] = []

  init?(_ environment: Environment) {
    guard let path = environment[bytes: Self.variable], !path.isEmpty else { return nil }
    file = FilePath(path)
  }

  /// Books the time since the last mark under `name`.
  func mark(_ name: String) {
    let now = Clock.nowInNanoseconds()
    phases.append(Phase(name: name, nanoseconds: now - last))
    last = now
  }

  func write() throws(SystemError) {
    try file.write(Array(phases.map { "\($0.nanoseconds) \($0.name)\n" }.joined().utf8))
  }

  /// What a hook has written; lines that are none of its own are left out.
  public static func phases(in bytes: [UInt8]) -> [Phase] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      guard let space = line.firstIndex(of: UInt8(ascii: " ")),
        let nanoseconds = Int64(String(decoding: line[..<space], as: UTF8.self))
      else { return nil }
      return Phase(name: String(decoding: line[(space + 1)...], as: UTF8.self), nanoseconds: nanoseconds)
    }
  }
}
