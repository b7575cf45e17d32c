#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// The variables of a process; see environ(7). Values are bytes: a path in one need not be UTF-8.
public struct Environment: Sendable, Equatable {
  private var values: [String: [UInt8]]

  public init(_ values: [String: String] = [:]) {
    self.values = values.mapValues { Array($0.utf8) }
  }

  /// That of this process, read anew.
  public static var current: Environment {
    var result = Environment()
    var entry = environ
    while let variable = entry.pointee {
      let bytes = UnsafeBufferPointer(start: variable, count: strlen(variable)).map { UInt8(bitPattern: $0) }
      if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
        result.values[String(decoding: bytes[..<equals], as: UTF8.self)] = Array(bytes[(equals + 1)...])
      }
      entry += 1
    }
    return result
  }

  public var names: some Collection<String> { values.keys }

  public subscript(name: String) -> String? {
    get { values[name].map { String(decoding: $0, as: UTF8.self) } }
    set { values[name] = newValue.map { Array($0.utf8) } }
  }

  /// The same without loss.
  public subscript(bytes name: String) -> [UInt8]? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// As `NAME=value`, in the order of the names, so that the same environment is the same bytes.
  var entries: [[UInt8]] {
    values.sorted { $0.key < $1.key }.map { Array($0.key.utf8) + [UInt8(ascii: "=")] + $0.value }
  }
}
