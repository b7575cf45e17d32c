/// A digest of several fields that no other division of the same bytes into fields has: each goes in with its length.
struct Fingerprint {
  private var bytes: [UInt8] = []

  mutating func add(_ field: [UInt8]) { bytes += bigEndian(UInt64(field.count)) + field }
  mutating func add(_ field: String) { add(Array(field.utf8)) }

  /// An absent field differs from an empty one.
  mutating func add(_ field: [UInt8]?) {
    bytes.append(field == nil ? 0 : 1)
    if let field { add(field) }
  }

  /// Says how many there are, so that two lists cannot trade their ends.
  mutating func add(list: [[UInt8]]) {
    bytes += bigEndian(UInt64(list.count))
    for field in list { add(field) }
  }

  /// 64 hexadecimal digits.
  var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = SHA256.digest(of: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
