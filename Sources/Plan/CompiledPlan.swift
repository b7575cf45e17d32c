/// A plan as hooks read it: one block of bytes, made again whenever trunk's `preflight.toml` has changed, and read where it
/// lies: of what a hook does not ask for nothing is decoded.
///
/// All numbers are little endian, 32 bits unless said otherwise:
///
///     0   magic "PFPL", format version
///     8   checksum of all that follows it (64 bits)
///     16  length of the whole, length of the source id, offset of the strings
///     28  offsets of the parts, in the order of `PlanPart`
///     …   the source id, the parts, the strings
///
/// A string is an offset into the strings and a length; each is there once. Offsets are from the start of the block. Lists
/// of streams and of shared files begin with where each element begins, from the start of that table.
public struct CompiledPlan {
  static let magic = Array("PFPL".utf8)
  static let version: UInt32 = 3
  static let checkedFrom = 16
  static let headerSize = 28 + 4 * PlanPart.allCases.count

  private let block: UnsafeRawBufferPointer
  private let header: Header

  /// `nil` for anything but a whole block of this version, made from the blob of this id.
  ///
  /// - Parameter block: must outlive this value.
  public init?(_ block: UnsafeRawBufferPointer, sourceID: [UInt8]) {
    guard let header = Header(block), block[header.sourceID].elementsEqual(sourceID), header.isIntact(block) else {
      return nil
    }
    self.block = block
    self.header = header
  }

  private init?(_ block: UnsafeRawBufferPointer) {
    guard let header = Header(block), header.isIntact(block) else { return nil }
    self.block = block
    self.header = header
  }

  /// The whole plan; `nil` where a part is damaged.
  public func plan() -> Plan? { plan(PlanPart.allCases) }

  /// A plan of which only these parts are filled in.
  func plan(_ parts: [PlanPart]) -> Plan? {
    var plan = Plan()
    for part in parts {
      var decoder = decoder(at: part)
      part.code(&plan, with: &decoder)
      if decoder.isDamaged { return nil }
    }
    return plan
  }

  /// Before the contents of a part.
  func decoder(at part: PlanPart) -> PlanDecoder {
    PlanDecoder(block, from: header.offset(of: part, in: block), strings: header.strings)
  }

  // MARK: Making one

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
    block.withUnsafeBytes { CompiledPlan($0)?.plan() }
  }

  /// The id of the blob that the plan was read from; of the block only the header is looked at.
  public static func sourceID(of block: [UInt8]) -> [UInt8]? {
    block.withUnsafeBytes { bytes in Header(bytes).map { Array(bytes[$0.sourceID]) } }
  }

  struct Header {
    let checksum: UInt64
    let sourceID: Range<Int>
    let strings: Int

    init?(_ block: UnsafeRawBufferPointer) {
      guard block.count >= headerSize, block.starts(with: magic) else { return nil }
      func number(at offset: Int) -> Int { Int(block.littleEndian32(at: offset)) }
      guard number(at: 4) == version, number(at: 16) == block.count, number(at: 20) <= block.count - headerSize,
        number(at: 24) <= block.count
      else { return nil }
      checksum = UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      sourceID = headerSize..<headerSize + number(at: 20)
      strings = number(at: 24)
      for part in PlanPart.allCases where offset(of: part, in: block) > strings { return nil }
    }

    func offset(of part: PlanPart, in block: UnsafeRawBufferPointer) -> Int {
      Int(block.littleEndian32(at: 28 + 4 * part.rawValue))
    }

    func isIntact(_ block: UnsafeRawBufferPointer) -> Bool {
      CompiledPlan.checksum(of: UnsafeRawBufferPointer(rebasing: block[checkedFrom...])) == checksum
    }
  }

  static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  static func checksum(of bytes: ArraySlice<UInt8>) -> UInt64 { bytes.withUnsafeBytes { checksum(of: $0) } }

  /// FNV-1a over words of eight bytes, the last filled up with zeroes (the length is among what is checked).
  private static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ word: UInt64) {
      hash = (hash ^ UInt64(littleEndian: word)) &* 0x0000_0100_0000_01b3
      hash ^= hash >> 32
    }
    let whole = bytes.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    if whole < bytes.count {
      var word: UInt64 = 0
      withUnsafeMutableBytes(of: &word) { $0.copyMemory(from: .init(rebasing: bytes[whole...])) }
      add(word)
    }
    return hash
  }
}
