/// A plan as hooks read it: one block of bytes, made again whenever trunk's `preflight.toml` has changed.
///
/// All numbers are little endian, 32 bits unless said otherwise:
///
///     0   magic "PFPL", format version
///     8   checksum of all that follows it (64 bits)
///     16  length of the whole, length of the source id, offset of the strings
///     28  offsets of the parts, in the order of `PlanPart`
///     …   the source id, the parts, the strings
///
/// A string is an offset into the strings and a length; each is there once. Offsets are from the start of the block, so
/// that one part of a mapped file can be read without the others.
public enum CompiledPlan {
  static let magic = Array("PFPL".utf8)
  static let version: UInt32 = 1
  static let checkedFrom = 16
  static let headerSize = 28 + 4 * PlanPart.allCases.count

  /// - Parameter sourceID: the raw id of the blob that the plan was read from.
  public static func encode(_ plan: Plan, sourceID: [UInt8]) -> [UInt8] {
    var encoder = PlanEncoder()
    var plan = plan
    var offsets: [Int] = []
    for part in PlanPart.allCases {
      offsets.append(headerSize + sourceID.count + encoder.body.count)
      part.code(&plan, with: &encoder)
    }
    let strings = headerSize + sourceID.count + encoder.body.count
    var block = magic + bytes(of: version) + [UInt8](repeating: 0, count: 8)
    for number in [strings + encoder.strings.count, sourceID.count, strings] + offsets {
      block += bytes(of: UInt32(number))
    }
    block += sourceID + encoder.body + encoder.strings
    block.replaceSubrange(8..<16, with: bytes(of: checksum(of: block[checkedFrom...])))
    return block
  }

  /// `nil` for anything but a whole block of this version.
  public static func decode(_ block: [UInt8]) -> Plan? {
    guard let header = Header(block), checksum(of: block[checkedFrom...]) == header.checksum else { return nil }
    var plan = Plan()
    for (part, offset) in zip(PlanPart.allCases, header.parts) {
      var decoder = PlanDecoder(block, from: offset, strings: header.strings)
      part.code(&plan, with: &decoder)
      if decoder.isDamaged { return nil }
    }
    return plan
  }

  /// The id of the blob that the plan was read from; of the block only the header is looked at.
  public static func sourceID(of block: [UInt8]) -> [UInt8]? {
    Header(block).map { Array(block[headerSize..<headerSize + $0.sourceIDLength]) }
  }

  struct Header {
    let checksum: UInt64
    let sourceIDLength: Int
    let strings: Int
    let parts: [Int]

    init?(_ block: [UInt8]) {
      guard block.count >= headerSize, block.starts(with: magic) else { return nil }
      func number(at offset: Int) -> Int { Int(UInt32(littleEndianBytes: block[offset..<offset + 4])) }
      checksum = UInt64(littleEndianBytes: block[8..<16])
      sourceIDLength = number(at: 20)
      strings = number(at: 24)
      parts = PlanPart.allCases.indices.map { number(at: 28 + 4 * $0) }
      guard number(at: 4) == version, number(at: 16) == block.count, sourceIDLength <= block.count - headerSize,
        strings <= block.count, parts.allSatisfy({ $0 <= strings })
      else { return nil }
    }
  }

  static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// FNV-1a over words of eight bytes, the last filled up with zeroes (the length is among what is checked).
  static func checksum(of bytes: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        var word: UInt64 = 0
        let length = min(8, bytes.count - offset)
        withUnsafeMutableBytes(of: &word) { $0.copyMemory(from: .init(rebasing: bytes[offset..<offset + length])) }
        hash = (hash ^ UInt64(littleEndian: word)) &* 0x0000_0100_0000_01b3
        hash ^= hash >> 32
        offset += 8
      }
    }
    return hash
  }
}

extension FixedWidthInteger {
  init(littleEndianBytes bytes: some BidirectionalCollection<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
  }
}
