/// The keys that a table of the plan may hold, and where their values go.
struct Section<Target> {
  struct Key {
    let name: String
    let read: (TOMLNode, inout Target, inout PlanReading) -> Void

    init(_ name: String, _ read: @escaping (TOMLNode, inout Target, inout PlanReading) -> Void) {
      self.name = name
      self.read = read
    }

    init<Value>(_ name: String, _ property: WritableKeyPath<Target, Value>, _ form: ValueForm<Value>) {
      self.init(name) { node, target, reading in
        if let value = form.read(node, name, &reading) { target[keyPath: property] = value }
      }
    }

    init<Value>(_ name: String, _ property: WritableKeyPath<Target, Value?>, _ form: ValueForm<Value>) {
      self.init(name) { node, target, reading in
        if let value = form.read(node, name, &reading) { target[keyPath: property] = value }
      }
    }
  }

  /// As faults name it: `[sync]`.
  let name: String
  let required: [String]
  let keys: [Key]

  init(_ name: String, required: [String] = [], _ keys: [Key]) {
    self.name = name
    self.required = required
    self.keys = keys
  }

  func read(
    _ entries: [TOMLEntry], at header: SourcePosition, into target: inout Target, _ reading: inout PlanReading
  ) {
    for entry in entries {
      guard let key = keys.first(where: { $0.name.utf8.elementsEqual(entry.key.utf8) }) else {
        let names = keys.map(\.name)
        reading.faults.error(
          entry.keyPosition, "unknown key '\(entry.key)' in \(name)\(suggestion(for: entry.key, among: names))",
          hint: "known keys: \(names.joined(separator: ", "))")
        continue
      }
      key.read(entry.node, &target, &reading)
    }
    for key in required where !entries.contains(where: { $0.key == key }) {
      reading.faults.error(header, "\(name) has no '\(key)'")
    }
  }

  /// Reads what should be a table.
  func read(_ node: TOMLNode, _ key: String, into target: inout Target, _ reading: inout PlanReading) {
    guard case .table(let entries) = node.value else {
      return reading.faults.error(node.position, "'\(key)' must be a table, not \(node.kind)")
    }
    read(entries, at: node.position, into: &target, &reading)
  }
}

/// A value with the places of what it was read from.
struct Located<Value> {
  var value: Value
  /// Of its header or its key.
  var position: SourcePosition
  private let nodes: [String: TOMLNode]

  init(_ value: Value, _ node: TOMLNode, position: SourcePosition) {
    self.value = value
    self.position = position
    guard case .table(let entries) = node.value else {
      nodes = [:]
      return
    }
    nodes = Dictionary(entries.map { ($0.key, $0.node) }, uniquingKeysWith: { first, _ in first })
  }

  func has(_ key: String) -> Bool { nodes[key] != nil }

  /// Of the key's value, or of one element of it; else of the whole.
  func position(of key: String, element: Int? = nil) -> SourcePosition {
    guard let node = nodes[key] else { return position }
    guard let element, case .array(let elements) = node.value, elements.indices.contains(element) else {
      return node.position
    }
    return elements[element].position
  }
}
