/// The languages that have files of exports, as far as it takes to tell such a file from one with code of its own.
enum BarrelLanguage {
  case typeScript
  case python
  case rust

  /// By the base name: `index.ts` and its like, `__init__.py`, `lib.rs`, `mod.rs`.
  init?(path: [UInt8]) {
    switch String(decoding: baseName(path), as: UTF8.self) {
    case "index.ts", "index.tsx", "index.mts", "index.cts", "index.js", "index.jsx", "index.mjs", "index.cjs":
      self = .typeScript
    case "__init__.py": self = .python
    case "lib.rs", "mod.rs": self = .rust
    default: return nil
    }
  }

  /// Whether at least two statements pass other modules' names on, and they fill more than half of the lines with code.
  ///
  /// A commented-out export counts as one: it waits for the work that it belongs to.
  func isBarrel(_ contents: [UInt8]) -> Bool {
    var statements = 0
    var exporting = 0
    var other = 0
    var closing: UInt8?  // what ends a statement of several lines
    var inComment = false
    for line in contents.split(separator: UInt8(ascii: "\n")) {
      var text = trimmed(line)
      if inComment {
        inComment = !text.holds(Array("*/".utf8))
        continue
      }
      if self != .python, text.starts(with: "/*".utf8) {
        inComment = !text.holds(Array("*/".utf8))
        continue
      }
      let isComment = text.starts(with: commentMark.utf8)
      if isComment { text = trimmed(text.dropFirst(commentMark.utf8.count)[...]) }
      if text.isEmpty { continue }
      if let end = closing {
        exporting += 1
        if text.contains(end) { closing = nil }
      } else if exports.contains(where: { text.starts(with: $0.utf8) }) {
        statements += 1
        exporting += 1
        closing = unclosed(text)
      } else if !isComment {
        other += 1
      }
    }
    return statements >= 2 && exporting > other
  }

  private var commentMark: String { self == .python ? "#" : "//" }

  /// How statements begin that pass on what other modules have.
  private var exports: [String] {
    switch self {
    case .typeScript: ["export *", "export {", "export type {", "export type *", "module.exports.", "exports."]
    case .python: ["from .", "import .", "__all__"]
    case .rust: ["pub mod ", "pub use ", "pub(crate) mod ", "pub(crate) use ", "mod "]
    }
  }

  private func unclosed(_ text: [UInt8]) -> UInt8? {
    for (open, close) in [("{", "}"), ("(", ")"), ("[", "]")] as [(Unicode.Scalar, Unicode.Scalar)] {
      let (open, close) = (UInt8(ascii: open), UInt8(ascii: close))
      if text.contains(open), !text.contains(close) { return close }
    }
    return nil
  }
}

private func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
  let blanks: Set<UInt8> = [0x20, 0x09, 0x0d]
  var rest = line.drop { blanks.contains($0) }
  while let last = rest.last, blanks.contains(last) { rest.removeLast() }
  return Array(rest)
}
