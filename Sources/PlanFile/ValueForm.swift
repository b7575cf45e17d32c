import Plan

/// What a key's value must look like. Reading a value that does not reports why and gives `nil`.
struct ValueForm<Value> {
  let read: (_ node: TOMLNode, _ key: String, _ reading: inout PlanReading) -> Value?

  /// Accepts a value only if `fault` finds nothing wrong with it.
  func unless(_ fault: @escaping (_ value: Value, _ key: String) -> String?) -> ValueForm {
    ValueForm { node, key, reading in
      guard let value = read(node, key, &reading) else { return nil }
      guard let message = fault(value, key) else { return value }
      reading.faults.error(node.position, message)
      return nil
    }
  }
}

extension ValueForm<String> {
  static var text: ValueForm {
    ValueForm { node, key, reading in
      if case .string(let text) = node.value { return text }
      reading.faults.error(node.position, "'\(key)' must be a string, not \(node.kind)")
      return nil
    }
  }

  static var nonEmptyText: ValueForm { text.unless { text, key in text.isEmpty ? "'\(key)' must not be empty" : nil } }

  static var branch: ValueForm {
    text.unless { text, key in isBranchName(text) ? nil : "'\(key)' is not a name that git allows: '\(text)'" }
  }

  /// A path below the directory that it is relative to.
  static var inside: ValueForm {
    nonEmptyText.unless { text, key in
      let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      let leaves = components[0].isEmpty || components.contains { $0.elementsEqual("..".utf8) }
      return leaves ? "'\(key)' must stay inside the worktree: '\(text)'" : nil
    }
  }
}

extension ValueForm<Bool> {
  static var flag: ValueForm {
    ValueForm { node, key, reading in
      if case .boolean(let flag) = node.value { return flag }
      reading.faults.error(node.position, "'\(key)' must be true or false, not \(node.kind)")
      return nil
    }
  }
}

extension ValueForm<Int> {
  /// A whole number from 0 that fits the compiled form.
  static var count: ValueForm {
    ValueForm { node, key, reading in
      guard case .integer(let number) = node.value else {
        reading.faults.error(node.position, "'\(key)' must be a whole number from 0, not \(node.kind)")
        return nil
      }
      if 0...Int(Int32.max) ~= number { return number }
      reading.faults.error(node.position, "'\(key)' must be a whole number from 0 to \(Int32.max), not \(number)")
      return nil
    }
  }
}

extension ValueForm<Double> {
  /// In seconds.
  static var duration: ValueForm {
    ValueForm { node, key, reading in
      guard case .string(let text) = node.value else {
        reading.faults.error(node.position, "'\(key)' must be a duration such as \"20s\", not \(node.kind)")
        return nil
      }
      if let seconds = Duration(text)?.seconds { return seconds }
      reading.faults.error(
        node.position, "'\(key)' must be a duration such as \"20s\", not \"\(text)\"", hint: "units: ms, s, m, h")
      return nil
    }
  }
}

extension ValueForm<ClosedRange<Double>> {
  /// In hours.
  static var estimate: ValueForm {
    ValueForm { node, key, reading in
      guard case .string(let text) = node.value else {
        reading.faults.error(node.position, "'\(key)' must be an estimate such as \"4h-6h\", not \(node.kind)")
        return nil
      }
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Duration(String($0))?.hours }
      if let from = ends[0], let to = ends[ends.count - 1], ends.count <= 2, from <= to { return from...to }
      reading.faults.error(
        node.position, "'\(key)' must be an estimate such as \"4h-6h\", not \"\(text)\"",
        hint: "the shorter time first; units: ms, s, m, h")
      return nil
    }
  }
}

extension ValueForm where Value: RawRepresentable<String> & CaseIterable {
  static var choice: ValueForm {
    ValueForm { node, key, reading in
      let known = Value.allCases.map(\.rawValue)
      let choices = known.map { "\"\($0)\"" }
      let expected = (choices.count > 1 ? choices.dropLast().joined(separator: ", ") + " or " : "") + choices.last!
      guard case .string(let text) = node.value else {
        reading.faults.error(node.position, "'\(key)' must be \(expected), not \(node.kind)")
        return nil
      }
      if let value = Value(rawValue: text) { return value }
      reading.faults.error(
        node.position,
        "'\(key)' must be \(expected), not \"\(text)\"\(suggestion(for: text, among: known, quote: "\""))")
      return nil
    }
  }
}

extension ValueForm {
  /// All or nothing: an element that cannot be read spoils the list, so places and elements stay in step.
  static func list<Element>(of form: ValueForm<Element>) -> ValueForm where Value == [Element] {
    ValueForm { node, key, reading in
      guard case .array(let elements) = node.value else {
        reading.faults.error(node.position, "'\(key)' must be an array, not \(node.kind)")
        return nil
      }
      let values = elements.compactMap { form.read($0, key, &reading) }
      return values.count == elements.count ? values : nil
    }
  }

  static func nonEmptyList<Element>(of form: ValueForm<Element>) -> ValueForm where Value == [Element] {
    list(of: form).unless { list, key in list.isEmpty ? "'\(key)' must not be empty" : nil }
  }

}

extension ValueForm<[String]> {
  static var texts: ValueForm { list(of: .nonEmptyText) }
}

/// `20s`, `150ms`, `1.5h`: digits, a fraction perhaps, and a unit.
private struct Duration {
  let seconds: Double
  let hours: Double

  init?(_ text: String) {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let first = number.first, first != ".", number.last != ".", let value = Double(number) else { return nil }
    switch text[number.endIndex...] {
    case "ms": (seconds, hours) = (value / 1000, value / 3_600_000)
    case "s": (seconds, hours) = (value, value / 3600)
    case "m": (seconds, hours) = (value * 60, value / 60)
    case "h": (seconds, hours) = (value * 3600, value)
    default: return nil
    }
    guard seconds.isFinite else { return nil }
  }
}

/// The rules of git-check-ref-format(1) for a branch.
func isBranchName(_ text: String) -> Bool {
  let bytes = Array(text.utf8)
  guard let first = bytes.first, first != UInt8(ascii: "-"), text != "HEAD", text != "@" else { return false }
  guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F || "~^:?*[\\".utf8.contains($0) }) else { return false }
  guard !text.contains(".."), !text.contains("@{"), bytes.last != UInt8(ascii: ".") else { return false }
  return bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { component in
    !component.isEmpty && component.first != UInt8(ascii: ".") && !component.reversed().starts(with: "kcol.".utf8)
  }
}
