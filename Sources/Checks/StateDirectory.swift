import Platform

/// Where this user's programs keep what they remember on this machine; see the XDG base directory specification.
public struct StateDirectory: Hashable, Sendable {
  /// `preflight` below `$XDG_STATE_HOME`, else below `~/.local/state`.
  public let path: FilePath

  public struct Missing: Error, CustomStringConvertible {
    public var description: String {
      "neither XDG_STATE_HOME nor HOME is set to an absolute path: there is no place to keep state on this machine"
    }
  }

  /// The specification has a relative path ignored.
  public init(environment: Environment) throws(Missing) {
    if let state = absolutePath(environment[bytes: "XDG_STATE_HOME"]) {
      path = state / "preflight"
    } else if let home = absolutePath(environment[bytes: "HOME"]) {
      path = home / ".local/state/preflight"
    } else {
      throw Missing()
    }
  }

  public init(path: FilePath) { self.path = path }

  /// A directory below it that only this user can enter; made where it is missing.
  func directory(_ name: String) throws(SystemError) -> FilePath {
    let directory = path / name
    for part in [path, directory] where !part.isDirectory {
      try part.createDirectories()
      try part.setPermissions(0o700)
    }
    return directory
  }
}

private func absolutePath(_ value: [UInt8]?) -> FilePath? {
  guard let value, value.first == UInt8(ascii: "/") else { return nil }
  return FilePath(value)
}
