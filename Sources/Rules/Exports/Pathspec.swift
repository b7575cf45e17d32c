/// A path of the repository as a command line takes it in any directory: from the top, quoted, no pattern. See gitglossary(7),
/// "pathspec".
struct Pathspec: CustomStringConvertible {
  let description: String

  /// `nil` for a path with bytes that cannot be typed: control characters, or what is not UTF-8.
  init?(_ path: [UInt8]) {
    guard let text = String(validating: path, as: UTF8.self), !path.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      return nil
    }
    let isPattern = path.contains { "*?[\\".utf8.contains($0) }
    let quoted = (isPattern ? ":(top,literal)" : ":/") + text
    description = "'" + quoted.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
