#if canImport(Glibc)
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#elseif canImport(Darwin)
  @preconcurrency import Darwin
#endif

/// The variables of a process; see environ(7). Values are bytes: a path in one need not be UTF-8.
public struct Environment: Sendable {
  // A list: a process has some dozens, of which a hook asks for a few; a table of them costs more than all the questions.
  private var variables: [Variable] = []

  private struct Variable: Sendable {
    let name: [UInt8]
    var value: [UInt8]
  }

  public init(_ values: [String: String] = [:]) {
    for (name, value) in values { self[name] = value }
  }

  /// That of this process, read anew. Of a variable that is there twice the first counts, as for getenv(3).
  public static var current: Environment {
    var result = Environment()
    var entry = environ
    while let variable = entry.pointee {
      let bytes = UnsafeRawBufferPointer(start: variable, count: strlen(variable))
      if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
        let name = UnsafeRawBufferPointer(rebasing: bytes[..<equals])
        let value = UnsafeRawBufferPointer(rebasing: bytes[(equals + 1)...])
        result.variables.append(Variable(name: [UInt8](name), value: [UInt8](value)))
      }
      entry += 1
    }
    return result
  }

  /// In no order; what is not UTF-8 is replaced.
  public var names: some Collection<String> { distinct.map { String(decoding: $0.name, as: UTF8.self) } }

  public subscript(name: String) -> String? {
    get { self[bytes: name].map { String(decoding: $0, as: UTF8.self) } }
    set { self[bytes: name] = newValue.map { Array($0.utf8) } }
  }

  /// The same without loss.
  public subscript(bytes name: String) -> [UInt8]? {
    get { index(of: Array(name.utf8)).map { variables[$0].value } }
    set {
      let name = Array(name.utf8)
      guard let newValue else { return variables.removeAll { $0.name == name } }
      if let index = index(of: name) {
        variables[index].value = newValue
      } else {
        variables.append(Variable(name: name, value: newValue))
      }
    }
  }

  private func index(of name: [UInt8]) -> Int? { variables.firstIndex { $0.name == name } }

  /// Without those that an earlier one of the same name hides.
  private var distinct: [Variable] {
    variables.enumerated().filter { index(of: $1.name) == $0 }.map(\.element)
  }

  /// As `NAME=value`, in the order of the names, so that the same environment is the same bytes.
  var entries: [[UInt8]] {
    distinct.sorted { $0.name.lexicographicallyPrecedes($1.name) }.map { $0.name + [UInt8(ascii: "=")] + $0.value }
  }
}

extension Environment: Equatable {
  /// Whatever the order.
  public static func == (one: Environment, other: Environment) -> Bool { one.entries == other.entries }
}
