/// The bytes of an index, looked at where they are; see gitformat-index(5).
///
/// Reads versions 2 to 4 in their SHA-1 form and says `nil` to everything that it does not know to the last bit, for git
/// to read: split and sparse indexes, unknown extensions that must be understood, and damage. The checksum at the end is
/// not computed: git has just written the file, or leaves it out itself (`index.skipHash`).
struct IndexFile {
  let bytes: UnsafeRawBufferPointer
  let version: UInt32
  /// How many entries it says it has.
  let count: Int
  /// The contents of the extension `TREE`.
  let cacheTree: UnsafeRawBufferPointer?

  static let headerSize = 12
  static let checksumSize = 20

  /// - Parameter bytes: of the whole file; must outlive this value.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.headerSize + Self.checksumSize, bytes.starts(with: "DIRC".utf8) else { return nil }
    version = bytes.bigEndian32(at: 4)
    count = Int(bytes.bigEndian32(at: 8))
    guard (2...4).contains(version) else { return nil }
    self.bytes = bytes
    // Where the entries end is known only once each has been passed.
    var cursor = IndexCursor(bytes, version: version, count: count)
    while cursor.advance() {}
    guard let end = cursor.end, let extensions = IndexExtensions(bytes, from: end) else { return nil }
    cacheTree = extensions.cacheTree
  }

  /// Before the first entry.
  func makeCursor() -> IndexCursor { IndexCursor(bytes, version: version, count: count) }
}

/// What follows the entries: signature, size and contents, again and again.
private struct IndexExtensions {
  private(set) var cacheTree: UnsafeRawBufferPointer?

  init?(_ bytes: UnsafeRawBufferPointer, from start: Int) {
    let end = bytes.count - IndexFile.checksumSize
    var position = start
    while position < end {
      guard end - position >= 8 else { return nil }
      let size = Int(bytes.bigEndian32(at: position + 4))
      guard size <= end - position - 8 else { return nil }
      let signature = bytes[position..<(position + 4)]
      // Capital: what does not know it may pass over it.
      guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[position]) else { return nil }
      let contents = position + 8..<position + 8 + size
      if signature.elementsEqual("TREE".utf8) { cacheTree = UnsafeRawBufferPointer(rebasing: bytes[contents]) }
      position = contents.upperBound
    }
  }
}

extension UnsafeRawBufferPointer {
  func bigEndian16(at offset: Int) -> UInt16 {
    UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  func bigEndian32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
