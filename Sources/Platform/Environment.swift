#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// The variables of a process; see environ(7). Values are bytes: a path in one need not be UTF-8.
public struct Environment: Sendable, Equatable {
  private var values: [[UInt8]: [UInt8]]

  public init(_ values: [String: String] = [:]) {
    self.values = [:]
    for (name, value) in values { self[name] = value }
  }

  /// That of this process, read anew. Of a variable that is there twice the first counts, as for getenv(3).
  public static var current: Environment {
    var result = Environment()
    var entry = environ
    while let variable = entry.pointee {
      let bytes = UnsafeBufferPointer(start: variable, count: strlen(variable)).map { UInt8(bitPattern: $0) }
      if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
        let name = Array(bytes[..<equals])
        if result.values[name] == nil { result.values[name] = Array(bytes[(equals + 1)...]) }
      }
      entry += 1
    }
    return result
  }

  /// In no order; what is not UTF-8 is replaced.
  public var names: some Collection<String> { values.keys.map { String(decoding: $0, as: UTF8.self) } }

  public subscript(name: String) -> String? {
    get { self[bytes: name].map { String(decoding: $0, as: UTF8.self) } }
    set { self[bytes: name] = newValue.map { Array($0.utf8) } }
  }

  /// The same without loss.
  public subscript(bytes name: String) -> [UInt8]? {
    get { values[Array(name.utf8)] }
    set { values[Array(name.utf8)] = newValue }
  }

  /// As `NAME=value`, in the order of the names, so that the same environment is the same bytes.
  var entries: [[UInt8]] {
    values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { $0.key + [UInt8(ascii: "=")] + $0.value }
  }
}
