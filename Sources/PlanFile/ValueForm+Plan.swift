import Plan

extension ValueForm<[String]> {
  /// What is filled into the arguments of every command that runs for a stream.
  static var streamPlaceholders: [String] { ["worktree", "stream", "branch", "base"] }

  /// An argument vector. `{name}` stands for something only if `name` is a word; `{}` and `{{.Name}}` are left alone.
  static func command(_ placeholders: [String] = streamPlaceholders) -> ValueForm {
    ValueForm { node, key, reading in
      guard let arguments = ValueForm.nonEmptyList(of: .text).read(node, key, &reading) else { return nil }
      guard case .array(let elements) = node.value, arguments[0] != "" else {
        reading.faults.error(node.position, "'\(key)' names no program")
        return nil
      }
      var isUsable = true
      for (argument, element) in zip(arguments, elements) {
        for name in placeholderNames(in: argument) where !placeholders.contains(name) {
          isUsable = false
          let known = placeholders.map { "{\($0)}" }
          reading.faults.error(
            element.position,
            "unknown placeholder '{\(name)}' in '\(key)'\(suggestion(for: "{\(name)}", among: known))",
            hint: "known placeholders: \(known.joined(separator: " "))")
        }
      }
      return isUsable ? arguments : nil
    }
  }

  private static func placeholderNames(in argument: String) -> [String] {
    var names: [String] = []
    var rest = Array(argument.utf8)[...]
    while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
      let isDoubled = rest.dropFirst(open - rest.startIndex + 1).first == UInt8(ascii: "{")
      rest = rest[(open + (isDoubled ? 2 : 1))...]
      guard !isDoubled else { continue }
      let name = rest.prefix { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0.isASCIILetterOrDigit }
      if !name.isEmpty, rest.dropFirst(name.count).first == UInt8(ascii: "}") {
        names.append(String(decoding: name, as: UTF8.self))
      }
    }
    return names
  }
}

extension ValueForm<Pattern> {
  /// A string, or `{ path = "…", new = true }` for files that are still to be made.
  static var pattern: ValueForm {
    ValueForm { node, key, reading in
      var entry = Entry()
      if case .table = node.value {
        Section("'\(key)'", required: ["path"], Entry.keys).read(node, key, into: &entry, &reading)
      } else {
        entry.path = ValueForm<String>.text.read(node, key, &reading)
      }
      guard let path = entry.path else { return nil }
      let pattern = Pattern(path)
      if let fault = pattern.fault {
        reading.faults.error(node.position, "pattern '\(path)' \(fault.reason)", hint: fault.remedy(for: path))
        return nil
      }
      reading.patterns.append(PatternUse(pattern: pattern, position: node.position, isNew: entry.isNew))
      return pattern
    }
  }

  private struct Entry {
    var path: String?
    var isNew = false

    static var keys: [Section<Entry>.Key] { [.init("path", \.path, .text), .init("new", \.isNew, .flag)] }
  }
}

extension Pattern.Fault {
  fileprivate var reason: String {
    switch self {
    case .empty: "is empty"
    case .absolute: "starts with '/'"
    case .emptyComponent: "has two slashes in a row"
    case .dotComponent: "has a component '.' or '..', which no path has"
    case .negated: "is negated, which means nothing here"
    case .unclosedSet: "has a '[' without ']'"
    case .reversedRange: "has a range that runs backwards"
    case .characterClass: "has a character class"
    case .unclosedAlternatives: "has a '{' without '}'"
    case .unopenedAlternatives: "has a '}' without '{'"
    case .tooManyAlternatives: "stands for more than 128 alternatives"
    case .trailingBackslash: "ends in a backslash"
    }
  }

  fileprivate func remedy(for path: String) -> String? {
    switch self {
    case .absolute: "patterns start at the top of the repository anyway: '\(path.drop { $0 == "/" })'"
    case .negated: #"for a name that starts with '!' write '\\!' in a TOML string"#
    case .characterClass: "write a range, such as [a-z]"
    case .dotComponent where path.hasPrefix("./"): "write '\(path.dropFirst(2))'"
    default: nil
    }
  }
}

extension UInt8 {
  var isASCIILetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
