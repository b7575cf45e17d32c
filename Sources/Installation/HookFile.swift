import HookIdentity
import Platform

/// The two forms of an installed hook. Never a symbolic link, which git ignores without a word once it dangles, and never
/// `sh`, which costs more than the hook itself.
public enum HookForm: Hashable, Sendable {
  /// A file of one line, `#!/absolute/executable`; git names the executable when it is gone.
  case line([UInt8])
  /// The executable itself, for a path that a kernel would cut: with a blank, or of 120 bytes and more.
  case copy

  public init(of executable: FilePath) {
    let line = Array("#!".utf8) + executable.bytes + [UInt8(ascii: "\n")]
    let hasBlank = executable.bytes.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 10 }
    self = hasBlank || line.count >= 120 ? .copy : .line(line)
  }
}

/// What there is under a hook's name.
public enum HookFile: Hashable, Sendable {
  case absent
  /// Ours, starting the executable at this path.
  case line(FilePath)
  /// Ours, an executable of whichever version.
  case copy
  /// Somebody else's.
  case foreign
  /// No file at all: nothing that git would run, nothing that could be kept beside.
  case unusable

  /// Ours are recognised by their whole form, never by a name in their text: one line that starts an executable named
  /// like the hook, or a binary that answers to the canary's variable.
  public init(at path: FilePath, hook: HookName) throws(SystemError) {
    guard let status = try path.status() else {
      self = .absent
      return
    }
    if status.isSymbolicLink {
      self = .foreign
      return
    }
    guard status.isRegularFile else {
      self = .unusable
      return
    }
    let contents = try path.contents()
    if let program = Self.program(startedBy: contents), program.lastComponent.bytes == Array(hook.rawValue.utf8) {
      self = .line(program)
    } else {
      self = Self.isExecutableOfOurs(contents) ? .copy : .foreign
    }
  }

  public var isOurs: Bool {
    switch self {
    case .line, .copy: true
    case .absent, .foreign, .unusable: false
    }
  }

  private static func program(startedBy contents: [UInt8]) -> FilePath? {
    guard contents.starts(with: "#!/".utf8) else { return nil }
    let lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count == 1 || lines.count == 2 && lines[1].isEmpty else { return nil }
    return FilePath(lines[0].dropFirst(2))
  }

  private static func isExecutableOfOurs(_ contents: [UInt8]) -> Bool {
    let magics: [[UInt8]] = [
      [0x7f, 0x45, 0x4c, 0x46],  // ELF
      [0xcf, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe],  // Mach-O, one architecture or several
    ]
    guard magics.contains(where: { contents.starts(with: $0) }) else { return false }
    return contents.holds(Array(Canary.variable.utf8))
  }
}

extension [UInt8] {
  /// Whether `wanted` occurs somewhere in these bytes.
  func holds(_ wanted: [UInt8]) -> Bool {
    guard let first = wanted.first else { return true }
    return withUnsafeBufferPointer { bytes in
      guard bytes.count >= wanted.count else { return false }
      for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
        if bytes[start..<(start + wanted.count)].elementsEqual(wanted) { return true }
      }
      return false
    }
  }
}
