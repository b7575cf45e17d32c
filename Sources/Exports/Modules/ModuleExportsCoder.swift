/// What modules export, as bytes that can be kept: a cache, so that whatever is not as it was written counts as nothing.
///
/// Numbers are four bytes, little-endian; text is its length and its bytes; an FNV-1a hash of all that follows comes first.
public enum ModuleExportsCoder {
  /// Changes with the form, and with what the scanner makes of a text.
  private static let version: UInt8 = 2

  /// - Parameter modules: by the bytes of the name of the blob that each was read from.
  public static func encode(_ modules: [[UInt8]: ModuleExports]) -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes.append(version)
    writer.write(modules.count)
    for (id, module) in modules.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      writer.write(id)
      writer.write(module)
    }
    return hash(writer.bytes[...]) + writer.bytes
  }

  /// Empty where the bytes are damaged, or of another version.
  public static func decode(_ bytes: [UInt8]) -> [[UInt8]: ModuleExports] {
    guard bytes.count > 8, hash(bytes[8...]).elementsEqual(bytes[..<8]), bytes[8] == version else { return [:] }
    var reader = ByteReader(bytes: bytes[9...])
    var modules: [[UInt8]: ModuleExports] = [:]
    guard let count = reader.number() else { return [:] }
    for _ in 0..<count {
      guard let id = reader.text(), let module = reader.module() else { return [:] }
      modules[id] = module
    }
    return reader.bytes.isEmpty ? modules : [:]
  }

  private static func hash(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) }
  }
}

private struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func write(_ number: Int) {
    for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
  }

  mutating func write(_ text: [UInt8]) {
    write(text.count)
    bytes += text
  }

  mutating func write(_ module: ModuleExports) {
    write(module.statementCount)
    write(module.entries.count)
    for entry in module.entries {
      write(entry.line)
      write(entry.name)
      switch entry.origin {
      case .declaration: bytes.append(0)
      case .local(let name):
        bytes.append(1)
        write(name)
      case .module(let module, let name):
        bytes.append(2)
        write(module)
        write(name)
      }
    }
    write(module.stars.count)
    for star in module.stars {
      write(star.line)
      write(star.module)
    }
    write(module.unsure.count)
    for line in module.unsure { write(line) }
  }
}

private struct ByteReader {
  var bytes: ArraySlice<UInt8>

  mutating func number() -> Int? {
    guard bytes.count >= 4 else { return nil }
    defer { bytes = bytes.dropFirst(4) }
    return bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func text() -> [UInt8]? {
    guard let count = number(), count <= bytes.count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return Array(bytes.prefix(count))
  }

  private mutating func list<Element>(_ read: (inout ByteReader) -> Element?) -> [Element]? {
    guard let count = number(), count <= bytes.count else { return nil }
    var elements: [Element] = []
    for _ in 0..<count {
      guard let element = read(&self) else { return nil }
      elements.append(element)
    }
    return elements
  }

  private mutating func origin() -> ModuleExports.Origin? {
    switch bytes.popFirst() {
    case 0: return .declaration
    case 1: return text().map { .local($0) }
    case 2:
      guard let module = text(), let name = text() else { return nil }
      return .module(module, name: name)
    default: return nil
    }
  }

  mutating func module() -> ModuleExports? {
    var module = ModuleExports()
    guard let count = number(),
      let entries = list({ reader -> ModuleExports.Entry? in
        guard let line = reader.number(), let name = reader.text(), let origin = reader.origin() else { return nil }
        return .init(name, origin, line: line)
      }),
      let stars = list({ reader -> ModuleExports.Star? in
        guard let line = reader.number(), let module = reader.text() else { return nil }
        return .init(module, line: line)
      }), let unsure = list({ $0.number() })
    else { return nil }
    module.statementCount = count
    module.entries = entries
    module.stars = stars
    module.unsure = unsure
    return module
  }
}
