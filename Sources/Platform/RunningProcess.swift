#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// Another process of this machine, as far as the system shows it to us.
///
/// Read from `/proc`, see proc(5). Where there is none (macOS) nothing is known of any process: who asks must have an answer
/// without it.
public struct RunningProcess: Sendable {
  public let id: Int32
  /// What it was started with, its own name first; empty where that cannot be seen.
  public let arguments: [[UInt8]]

  /// `nil` when there is no such process, or it cannot be seen.
  public init?(id: Int32) {
    guard let line = try? FilePath("/proc/\(id)/cmdline").contents(), !line.isEmpty else { return nil }
    self.id = id
    // Each argument is ended by a NUL; one of them may be empty.
    arguments = line.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
  }

  /// Where it works; `nil` for other users' processes.
  public var directory: FilePath? { FilePath("/proc/\(id)/cwd").linkTarget() }

  /// The process that started it, or that has taken it over.
  public var parent: Int32? {
    // `id (name) state parent …`; the name may hold anything, so look behind its last parenthesis.
    guard let line = try? FilePath("/proc/\(id)/stat").contents(), let end = line.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = line[(end + 1)...].split(separator: UInt8(ascii: " "))
    return fields.count > 1 ? Int32(String(decoding: fields[1], as: UTF8.self)) : nil
  }

  /// All that can be seen.
  public static func all() -> [RunningProcess] {
    let names = (try? FilePath("/proc").entries()) ?? []
    return names.compactMap { Int32($0.description) }.compactMap { RunningProcess(id: $0) }
  }

  /// Those that have led to this process, the nearest first.
  public static func ancestors() -> [RunningProcess] {
    var result: [RunningProcess] = []
    var next: Int32? = getppid()
    while let id = next, id > 0, result.count < 64, let process = RunningProcess(id: id) {
      result.append(process)
      next = process.parent
    }
    return result
  }
}
