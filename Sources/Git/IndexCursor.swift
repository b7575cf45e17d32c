import Platform

/// Goes over the entries of an index in their order, without allocating for any of them.
///
/// Ends early, with `end` still `nil`, at an entry that git would not write, and at one that makes an index a matter for
/// git: an unmerged path, a directory of a sparse index.
struct IndexCursor: ~Copyable {
  private let bytes: UnsafeRawBufferPointer
  private let version: UInt32
  private var remaining: Int
  private var position = IndexFile.headerSize
  /// Where the current entry's fixed part starts; see the accessors below.
  private var current = 0
  /// The current entry's path: in the file, or (version 4 leaves out what the one before has in common) in `buffer`.
  private(set) var path = UnsafeRawBufferPointer(start: nil, count: 0)
  private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
  /// The first byte after the last entry, once that was passed.
  private(set) var end: Int?

  private static let fixedSize = 62

  init(_ bytes: UnsafeRawBufferPointer, version: UInt32, count: Int) {
    self.bytes = bytes
    self.version = version
    remaining = count
  }

  deinit { buffer.deallocate() }

  private var flags: UInt16 { bytes.bigEndian16(at: current + 60) }
  private var isExtended: Bool { flags & 0x4000 != 0 }
  private var stage: UInt16 { flags >> 12 & 3 }
  private var mode: UInt32 { bytes.bigEndian32(at: current + 24) }

  /// Whether only the path is noted (`git add --intent-to-add`): nothing is staged there yet.
  var isIntentToAdd: Bool { isExtended && bytes.bigEndian16(at: current + Self.fixedSize) & 0x2000 != 0 }

  /// `git update-index --assume-unchanged`.
  var isAssumedUnchanged: Bool { flags & 0x8000 != 0 }

  /// `git update-index --skip-worktree`, and what a sparse checkout leaves out.
  var isSkippedInWorktree: Bool { isExtended && bytes.bigEndian16(at: current + Self.fixedSize) & 0x4000 != 0 }

  /// What the file was like when git looked last.
  var file: IndexEntry.File {
    func time(at offset: Int) -> Int64 {
      Int64(bytes.bigEndian32(at: current + offset)) * 1_000_000_000
        + Int64(bytes.bigEndian32(at: current + offset + 4))
    }
    return IndexEntry.File(
      changed: time(at: 0), modified: time(at: 8), inode: bytes.bigEndian32(at: current + 20),
      size: bytes.bigEndian32(at: current + 36))
  }

  /// What is staged; `nil` for a name of zeroes.
  var entry: TreeEntry? {
    ObjectID(bytes: bytes[(current + 40)..<(current + 60)]).map { TreeEntry(mode: mode, id: $0) }
  }

  /// Goes to the next entry; `false` at the end and at one that is not for us.
  mutating func advance() -> Bool {
    guard remaining > 0 else {
      if remaining == 0 { end = position }
      path = UnsafeRawBufferPointer(start: nil, count: 0)
      return false
    }
    guard readEntry() else {
      remaining = -1
      path = UnsafeRawBufferPointer(start: nil, count: 0)
      return false
    }
    remaining -= 1
    return true
  }

  private mutating func readEntry() -> Bool {
    let limit = bytes.count - IndexFile.checksumSize
    guard limit - position >= Self.fixedSize + 2 else { return false }
    current = position
    guard stage == 0, isKnown(mode) else { return false }
    guard !isExtended || version >= 3 else { return false }
    let start = position + Self.fixedSize + (isExtended ? 2 : 0)
    return version == 4 ? readSuffix(from: start, limit: limit) : readPath(from: start, limit: limit)
  }

  private func isKnown(_ mode: UInt32) -> Bool {
    switch mode {
    case 0o100644, 0o100755, 0o120000, 0o160000: true
    default: false
    }
  }

  /// Versions 2 and 3: the path, then 1 to 8 NULs, so that the size is a multiple of 8.
  private mutating func readPath(from start: Int, limit: Int) -> Bool {
    // The flags hold the length, or as much of it as fits.
    let length = Int(flags & 0xfff)
    let known = length < 0xfff && start + length < limit && bytes[start + length] == 0 ? start + length : nil
    guard let end = known ?? firstNull(from: start, limit: limit) else { return false }
    let next = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    guard isPath(next), compareBytes(path, next) < 0 else { return false }
    path = next
    position = current + (end - current + 8) & ~7
    return position <= limit
  }

  /// Version 4: how many bytes to take off the path before, then what to put there, NUL.
  private mutating func readSuffix(from start: Int, limit: Int) -> Bool {
    guard let (strip, suffixStart) = variableWidth(from: start, limit: limit), strip <= path.count,
      let end = firstNull(from: suffixStart, limit: limit)
    else { return false }
    let kept = path.count - strip
    let suffix = UnsafeRawBufferPointer(rebasing: bytes[suffixStart..<end])
    guard compareBytes(UnsafeRawBufferPointer(rebasing: path[kept...]), suffix) < 0 else { return false }
    let count = kept + suffix.count
    if count > buffer.count { growBuffer(to: count, keeping: kept) }
    UnsafeMutableRawBufferPointer(rebasing: buffer[kept..<count]).copyMemory(from: suffix)
    path = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    position = end + 1
    return isPath(path)
  }

  private mutating func growBuffer(to count: Int, keeping kept: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 2, alignment: 1)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<kept]))
    buffer.deallocate()
    buffer = larger
  }

  /// git's variable width encoding of offsets, as in pack files; see gitformat-pack(5).
  private func variableWidth(from start: Int, limit: Int) -> (value: Int, next: Int)? {
    var position = start
    var value = 0
    while position < limit {
      let byte = bytes[position]
      value = value << 7 | Int(byte & 0x7f)
      position += 1
      if byte & 0x80 == 0 { return (value, position) }
      value += 1
      guard value < 1 << 32 else { return nil }
    }
    return nil
  }

  private func firstNull(from start: Int, limit: Int) -> Int? {
    guard start < limit else { return nil }
    return firstNullByte(in: UnsafeRawBufferPointer(rebasing: bytes[start..<limit])).map { start + $0 }
  }

  private func isPath(_ path: UnsafeRawBufferPointer) -> Bool {
    !path.isEmpty && path[0] != UInt8(ascii: "/") && path[path.count - 1] != UInt8(ascii: "/")
  }
}
