import Reporting

/// Text of any origin as lines of at most `width` columns, cut at spaces where there are some; safe to show. What is cut off
/// goes on below, further in.
func folded(_ text: some Sequence<UInt8>, width: Int) -> [DisplayText] {
  var lines = Array(text).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  if lines.last?.isEmpty == true { lines.removeLast() }
  return lines.flatMap { foldedLine(DisplayText(bytes: $0).plain, width: width) }
}

private func foldedLine(_ line: String, width: Int) -> [DisplayText] {
  guard DisplayText(line).width > width else { return [DisplayText(line)] }
  let words = line.withoutTrailingSpaces.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
  var lines = [words[0]]
  for word in words.dropFirst() {
    let longer = lines[lines.count - 1] + " " + word
    if DisplayText(longer).width <= width || lines[lines.count - 1].withoutTrailingSpaces.isEmpty {
      lines[lines.count - 1] = longer
    } else {
      lines.append("    " + word)
    }
  }
  return lines.map { DisplayText(String($0.withoutTrailingSpaces)) }
}

extension String {
  fileprivate var withoutTrailingSpaces: Substring {
    self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)]
  }
}
