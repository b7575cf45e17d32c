/// A digest of several fields that no other division of the same bytes into fields has: each goes in with its length.
public struct Fingerprint {
  private var bytes: [UInt8] = []

  public init() {}

  public mutating func add(_ field: [UInt8]) { bytes += bigEndian(UInt64(field.count)) + field }
  public mutating func add(_ field: String) { add(Array(field.utf8)) }

  /// An absent field differs from an empty one.
  public mutating func add(_ field: [UInt8]?) {
    bytes.append(field == nil ? 0 : 1)
    if let field { add(field) }
  }

  /// Says how many there are, so that two lists cannot trade their ends.
  public mutating func add(list: [[UInt8]]) {
    bytes += bigEndian(UInt64(list.count))
    for field in list { add(field) }
  }

  /// 64 hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = SHA256.digest(of: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
