/// What git does to the file of a message after commit-msg has seen it; see `--cleanup` in git-commit(1).
///
/// A `--cleanup` option is not passed on to the hook, so the configuration decides.
public struct MessageCleanup: Hashable, Sendable {
  public enum Mode: Hashable, Sendable {
    /// White space and comment lines go.
    case strip
    /// White space goes.
    case whitespace
    case verbatim
  }

  public var mode: Mode
  public var comment: CommentString
  /// Whether an editor showed the message to somebody; only then did git add lines of its own.
  public var hasEditor: Bool
  /// Whether the message ends at a scissors line.
  public var cutsAtScissors: Bool

  /// - Parameters:
  ///   - setting: `commit.cleanup`; what git does not know counts as `default`.
  ///   - comment: `core.commentString` or `core.commentChar`, whichever was set last.
  ///   - hasEditor: no where git has set `GIT_EDITOR=:` for the hook.
  ///   - isVerbose: whether `-v` was given, where that is known; else a scissors line speaks for it.
  public init(setting: [UInt8]?, comment: [UInt8]?, hasEditor: Bool, isVerbose: Bool? = nil) {
    self.comment = CommentString(configured: comment)
    self.hasEditor = hasEditor
    let setting = setting ?? []
    if setting.equals("verbatim") {
      mode = .verbatim
    } else if setting.equals("whitespace") || setting.equals("scissors") {
      mode = .whitespace
    } else if setting.equals("strip") {
      mode = .strip
    } else {
      mode = hasEditor ? .strip : .whitespace
    }
    cutsAtScissors = isVerbose ?? hasEditor || hasEditor && setting.equals("scissors")
  }

  /// What git will store of `file`.
  public func stored(_ file: [UInt8]) -> StoredMessage {
    let comment = comment.bytes(in: file, hasEditor: hasEditor)
    var end = file.count
    if cutsAtScissors, let cut = scissorsLine(in: file, comment: comment) { end = cut }
    if mode == .verbatim { return StoredMessage(verbatim: Array(file[..<end])) }
    return StoredMessage(stripping: file, upTo: end, comment: mode == .strip ? comment : nil)
  }
}

/// A message as git keeps it in the commit, each of its lines traced back to the file that it came from.
public struct StoredMessage: Hashable, Sendable {
  public private(set) var bytes: [UInt8]
  /// The number in the file, from 1, of each line; lines that are missing here were dropped.
  public private(set) var fileLines: [Int]

  fileprivate init(verbatim bytes: [UInt8]) {
    self.bytes = bytes
    fileLines = Array(1...Swift.max(1, LineRanges(bytes).reduce(0) { count, _ in count + 1 }))
  }

  /// `strbuf_stripspace` in git's strbuf.c: comment lines go, lines lose white space at their ends, blank lines at
  /// either end of the text go, and of several in a row one stays.
  fileprivate init(stripping file: [UInt8], upTo end: Int, comment: [UInt8]?) {
    bytes = []
    bytes.reserveCapacity(end + 1)
    fileLines = []
    var number = 0
    var blank: Int?
    var start = 0
    while start < end {
      let lineEnd = Swift.min(file.lineEnd(from: start), end)
      defer { start = lineEnd + 1 }
      number += 1
      if let comment, file[start..<lineEnd].starts(with: comment) { continue }
      let line = file[start..<lineEnd].trimmedAtEnd
      guard !line.isEmpty else {
        blank = number
        continue
      }
      if let blank, !bytes.isEmpty {
        bytes.append(.lineFeed)
        fileLines.append(blank)
      }
      blank = nil
      bytes.append(contentsOf: line)
      bytes.append(.lineFeed)
      fileLines.append(number)
    }
  }
}

/// Where git's `wt_status_locate_end` cuts: the start of the first line that is exactly the comment string, a blank and
/// the scissors, and is ended by a line feed.
private func scissorsLine(in file: [UInt8], comment: [UInt8]) -> Int? {
  for range in LineRanges(file) where range.upperBound < file.count && file[range].starts(with: comment) {
    let rest = file[range].dropFirst(comment.count)
    if rest.first == .space, rest.dropFirst().equals(scissors) { return range.lowerBound }
  }
  return nil
}
