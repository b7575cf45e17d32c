/// A commit's message, ready to be judged; the same whether it comes from a commit or from the file of a hook.
///
/// Lines end in a single line feed, have no white space at their ends, and the first and the last are not blank.
public struct CommitMessage: Hashable, Sendable {
  /// In `encoding`, without a byte order mark.
  public let bytes: [UInt8]
  public let encoding: MessageEncoding
  /// How many blank lines of the original came before the header.
  public let skippedLines: Int
  /// Whether `encoding` explains every byte.
  public let isDecodable: Bool
  private let headerEnd: Int

  /// - Parameters:
  ///   - raw: as the commit object has it, or as `MessageCleanup` leaves the file.
  ///   - encoding: the commit's `encoding` header, or `i18n.commitEncoding`.
  public init(_ raw: [UInt8], encoding: [UInt8]? = nil) {
    self.init(raw, as: encoding.map { MessageEncoding(name: $0) } ?? .utf8)
  }

  init(_ raw: [UInt8], as encoding: MessageEncoding) {
    let text = PreparedText(raw)
    bytes = text.bytes
    skippedLines = text.skippedLines
    self.encoding = encoding
    isDecodable = text.isASCII || encoding.explains(text.bytes)
    headerEnd = text.bytes.lineEnd(from: 0)
  }

  /// The first line; empty for a message without a word. Blanks before it are still there.
  public var header: ArraySlice<UInt8> { bytes[..<headerEnd] }

  /// Whether what follows the header is parted from it; yes where nothing follows.
  public var hasBlankLineAfterHeader: Bool {
    headerEnd >= bytes.count - 1 || bytes[headerEnd + 1] == .lineFeed
  }

  /// Where the first line below the header starts.
  var bodyStart: Int { min(headerEnd + 1, bytes.count) }

  /// The lines below the header, blank ones too, as ranges of `bytes`.
  var bodyLines: LineRanges { LineRanges(bytes, from: bodyStart) }

  func shown(_ bytes: some Collection<UInt8>) -> String { encoding.decoded(bytes) }
}

/// What preparing leaves of a raw message.
private struct PreparedText {
  var bytes: [UInt8]
  var skippedLines = 0
  var isASCII = true

  init(_ raw: [UInt8]) {
    let start = raw.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    var seen: UInt8 = 0
    var skipped = 0
    bytes = [UInt8](unsafeUninitializedCapacity: raw.count) { target, count in
      raw.withUnsafeBufferPointer { raw in
        var next = start
        var kept = 0  // up to the end of the last line that is not blank
        while next < raw.count {
          let lineStart = count
          while next < raw.count, raw[next] != .lineFeed {
            seen |= raw[next]
            target[count] = raw[next]
            count += 1
            next += 1
          }
          while count > lineStart, target[count - 1].isGitSpace { count -= 1 }
          if count > lineStart { kept = count }
          if count == 0 { skipped += 1 }
          if next < raw.count {
            next += 1
            if count > 0 {
              target[count] = .lineFeed
              count += 1
            }
          }
        }
        count = kept
      }
    }
    skippedLines = skipped
    isASCII = seen < 0x80
  }
}

let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
