/// A version as manifests ask for it: an operator and three numbers, nothing else.
struct DependencyVersion: Hashable {
  private let operation: [UInt8]
  private let numbers: [Int]

  /// Of `"^1.2.3"`, with its quotes; `nil` for ranges, tags, pre-releases and what else cannot be put in an order.
  private init?(_ text: [UInt8]) {
    guard text.count > 2, text.first == UInt8(ascii: "\""), text.last == UInt8(ascii: "\"") else { return nil }
    let inside = text.dropFirst().dropLast()
    let operation = Array(inside.prefix { !(0x30...0x39).contains($0) })
    guard ["", "^", "~", ">=", "v"].contains(where: { $0.utf8.elementsEqual(operation) }) else { return nil }
    let parts = inside.dropFirst(operation.count).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.allSatisfy { (0x30...0x39).contains($0) } ? Int(String(decoding: part, as: UTF8.self)) : nil
    }
    guard parts.count == 3, numbers.count == 3 else { return nil }
    self.operation = operation
    self.numbers = numbers
  }

  /// The higher of two that differ in their numbers only.
  static func higher(_ left: [UInt8], _ right: [UInt8]) -> [UInt8]? {
    guard let one = DependencyVersion(left), let other = DependencyVersion(right), one.operation == other.operation
    else { return nil }
    return one.numbers.lexicographicallyPrecedes(other.numbers) ? right : left
  }
}
