import TOMLKit

/// A value of a TOML document with its place in the text.
struct TOMLNode {
  enum Value {
    /// In the order of the text.
    case table([TOMLEntry])
    case array([TOMLNode])
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case number
    case date
    case time
    case dateTime
  }

  var position: SourcePosition
  var value: Value

  /// With its article: "an integer".
  var kind: String {
    switch value {
    case .table: "a table"
    case .array: "an array"
    case .string: "a string"
    case .integer: "an integer"
    case .boolean: "a boolean"
    case .number: "a floating-point number"
    case .date: "a date"
    case .time: "a time"
    case .dateTime: "a date with a time"
    }
  }
}

struct TOMLEntry {
  var key: String
  var keyPosition: SourcePosition
  var node: TOMLNode
}

/// Joins TOMLKit's values, which know nothing of the text, with the places that `KeyLocator` found.
struct TOMLDocument {
  private(set) var entries: [TOMLEntry] = []
  /// Keys and elements that TOMLKit has and the locator has not: never more than none, or the locator is wrong.
  private(set) var unlocated = 0

  private let source: SourceText
  private let locator: KeyLocator

  /// - Parameter source: UTF-8 without NUL.
  init(_ source: SourceText, _ locator: KeyLocator) throws(TOMLParseError) {
    self.source = source
    self.locator = locator
    let table: TOMLTable
    do {
      table = try TOMLTable(string: String(decoding: source.bytes, as: UTF8.self))
    } catch let error as TOMLParseError {
      throw error
    } catch {
      preconditionFailure("TOMLTable throws nothing but TOMLParseError")
    }
    entries = read(table, at: KeyLocator.root)
  }

  private mutating func read(_ table: TOMLTable, at place: Int) -> [TOMLEntry] {
    var entries: [(offset: Int, entry: TOMLEntry)] = []
    for key in table.keys {
      guard let value = table[key] else { continue }
      let child = locator.child(key, of: place)
      if child == nil { unlocated += 1 }
      let keyOffset = locator.nodes[child ?? place].key
      let entry = TOMLEntry(
        key: key, keyPosition: source.position(at: keyOffset), node: read(value, at: child ?? place))
      entries.append((keyOffset, entry))
    }
    return entries.sorted { $0.offset < $1.offset }.map(\.entry)
  }

  private mutating func read(_ value: any TOMLValueConvertible, at place: Int) -> TOMLNode {
    TOMLNode(position: source.position(at: locator.nodes[place].value), value: readValue(value, at: place))
  }

  private mutating func readValue(_ value: any TOMLValueConvertible, at place: Int) -> TOMLNode.Value {
    switch value.type {
    case .table: return .table(value.table.map { read($0, at: place) } ?? [])
    case .array: return .array(value.array.map { read($0, at: place) } ?? [])
    case .string: return .string(value.string ?? "")
    case .int: return .integer(value.int ?? 0)
    case .bool: return .boolean(value.bool ?? false)
    case .double: return .number
    case .date: return .date
    case .time: return .time
    case .dateTime: return .dateTime
    }
  }

  private mutating func read(_ array: TOMLArray, at place: Int) -> [TOMLNode] {
    (0..<array.count).map { index in
      let element = locator.element(index, of: place)
      if element == nil { unlocated += 1 }
      return read(array[index], at: element ?? place)
    }
  }
}
