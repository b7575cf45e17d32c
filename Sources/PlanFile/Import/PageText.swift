/// What the lines of a page written for people are made of.
extension String {
  var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// Without the backquotes, quotation marks or stars around it.
  var unquoted: String {
    var text = trimmed[...]
    while let first = text.first, "`\"*".contains(first), text.count > 1, text.last == first {
      text = text.dropFirst().dropLast()
    }
    return String(text).trimmed
  }

  /// `**Branch**: value`: the label in lower case, and what follows it.
  var label: (name: String, value: String)? {
    guard hasPrefix("**"), let end = dropFirst(2).firstRange(of: "**") else { return nil }
    let name = self[index(startIndex, offsetBy: 2)..<end.lowerBound]
    let rest = self[end.upperBound...]
    let colonInside = name.hasSuffix(":")
    guard colonInside || rest.hasPrefix(":") else { return nil }
    let value = colonInside ? String(rest) : String(rest.dropFirst())
    return ((colonInside ? String(name.dropLast()) : String(name)).lowercased().trimmed, value.trimmed)
  }

  /// The cells of a row of a table; a bar behind a backslash is part of its cell.
  var cells: [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in dropFirst() {
      if character == "|", !isEscaped {
        cells.append(cell.trimmed)
        cell = ""
      } else if character != "\\" || isEscaped {
        cell.append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    if !cell.trimmed.isEmpty { cells.append(cell.trimmed) }
    return cells
  }

  /// The words between blanks.
  var words: [String] { split(whereSeparator: \.isWhitespace).map(String.init) }

  var leadingNumber: String? {
    let digits = prefix { $0.isASCII && $0.isNumber }
    return digits.isEmpty ? nil : String(digits)
  }

  /// How long the first of `prefixes` is that it begins with.
  func firstMatch(of prefixes: [String]) -> Int? { prefixes.first { hasPrefix($0) }?.count }

  /// Where `text` begins in it, in characters.
  func range(ofFirst text: String) -> Int? {
    firstRange(of: text).map { distance(from: startIndex, to: $0.lowerBound) }
  }

  /// What stands in the first pair of backquotes.
  var firstQuoted: String? {
    let parts = split(separator: "`", omittingEmptySubsequences: false)
    return parts.count > 2 ? String(parts[1]) : nil
  }

  var lastPathComponent: String { split(separator: "/").last.map(String.init) ?? self }

  /// `Shared: packages/core/src/index.ts`, wherever it stands in a line.
  var sharedFile: String? {
    guard let start = firstRange(of: "Shared: ") else { return nil }
    let path = self[start.upperBound...].prefix { !$0.isWhitespace && $0 != "│" && $0 != "|" }
    let text = String(path).unquoted
    return text.isEmpty ? nil : text
  }

  /// `4-6 hours`, `2 hours`, `1-2 days` (of eight hours) as the plan has them: `4h-6h`.
  var estimate: String? {
    let unit: Int
    if lowercased().contains("hour") || hasSuffix("h") {
      unit = 1
    } else if lowercased().contains("day") {
      unit = 8
    } else {
      return nil
    }
    let numbers = split { !($0.isASCII && $0.isNumber) }.compactMap { Int($0) }.map { $0 * unit }
    switch numbers.count {
    case 1: return "\(numbers[0])h"
    case 2 where numbers[0] <= numbers[1]: return "\(numbers[0])h-\(numbers[1])h"
    default: return nil
    }
  }
}

// MARK: Issues

extension String {
  /// `ABC-12`.
  var isIssueID: Bool {
    guard let dash = lastIndex(of: "-") else { return false }
    let (letters, digits) = (self[..<dash], self[index(after: dash)...])
    return letters.first?.isLetter == true && letters.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      && !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
  }

  var issuePrefix: String { lastIndex(of: "-").map { String(self[..<$0]) } ?? self }

  /// All issues that it names, in order.
  var issueIDs: [String] {
    split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-")) }.map(String.init).filter(\.isIssueID)
  }

  /// The numbers that stand before "issues" or "items", with one word between perhaps: "18 backlog items".
  var countedIssues: [Int] {
    let words = split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map { $0.lowercased() }
    return words.indices.compactMap { index in
      let following = words[(index + 1)...].prefix(2)
      guard let noun = following.firstIndex(where: { ["issues", "items", "tickets"].contains($0) }),
        following[..<noun].allSatisfy({ $0.first?.isLetter == true })
      else { return nil }
      return Int(words[index])
    }
  }

  /// Its words of five letters or more, in lower case.
  var significantWords: Set<String> {
    Set(split { !$0.isLetter }.filter { $0.count >= 5 }.map { $0.lowercased() })
  }
}
