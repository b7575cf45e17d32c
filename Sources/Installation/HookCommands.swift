import HookIdentity
import Platform

/// One command line of a hook that people write, without blanks at its ends.
struct HookCommand {
  let bytes: [UInt8]

  /// Which word of the line begins `preflight hook NAME`, the executable named alone or by its path; `nil` when none does.
  func position(of hook: HookName) -> Int? {
    let marks = Set("\"',".utf8)
    let words = bytes.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      .map { word in FilePath(word.filter { !marks.contains($0) }) }
    return words.indices.dropLast(2).first { index in
      words[index].lastComponent == "preflight" && words[index + 1] == "hook"
        && words[index + 2] == FilePath(hook.rawValue)
    }
  }

  /// Whether the line changes nothing but the shell that runs it.
  var isPreamble: Bool { bytes.starts(with: "set ".utf8) || bytes.holds(Array("/_/husky.sh".utf8)) }
}

extension HooksDirectory {
  /// Whether a person writes one script a hook here, rather than one configuration file.
  var isFilePerHook: Bool {
    switch standing {
    case .managed(.lefthook), .managed(.preCommit), .managed(.prek): false
    default: true
    }
  }

  /// Whether something here is to run ours for `hook`.
  func names(_ hook: HookName) -> Bool {
    commands(of: hook)?.contains { $0.position(of: hook) != nil } == true
  }

  /// What puts right a directory that preflight does not write: the manager's own command.
  var installCommand: String {
    let top = shellQuoted(worktree)
    switch standing {
    case .managed(.husky), .managed(.earlyHusky): return "(cd \(top) && npx husky)"
    case .managed(.lefthook): return "(cd \(top) && lefthook install)"
    case .managed(.preCommit): return "(cd \(top) && pre-commit install)"
    case .managed(.prek): return "(cd \(top) && prek install)"
    default: return "preflight install"
    }
  }

  /// The lines that a person wrote to be run for `hook`, comments left out; `nil` where there is no such file.
  func commands(of hook: HookName) -> [HookCommand]? {
    var source = path / hook.rawValue
    if case .managed(let manager) = standing {
      guard let place = manager.source(of: hook, hooksDirectory: path, workTree: worktree) else { return nil }
      source = place
    }
    guard let contents = try? source.contentsIfPresent() else { return nil }
    return contents.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")]
      var trimmed = line.drop { blanks.contains($0) }
      while let last = trimmed.last, blanks.contains(last) { trimmed.removeLast() }
      return trimmed.isEmpty || trimmed.first == UInt8(ascii: "#") ? nil : HookCommand(bytes: Array(trimmed))
    }
  }
}
