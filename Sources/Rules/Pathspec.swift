import Platform

/// A path of the repository as a command line takes it in any directory: from the top, quoted, no pattern. See
/// gitglossary(7), "pathspec".
public struct Pathspec: CustomStringConvertible {
  public let description: String

  public init(_ path: [UInt8]) {
    let isPattern = path.contains { "*?[\\".utf8.contains($0) }
    description = shellQuoted(Array((isPattern ? ":(top,literal)" : ":/").utf8) + path)
  }
}
