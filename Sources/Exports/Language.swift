/// A language that has files of exports, as the end of a path tells.
public enum Language: String, Hashable, Sendable, CaseIterable {
  /// JavaScript as well: its exports are a part of TypeScript's.
  case typeScript
  case python
  case rust
  case swift

  /// `nil` where no grammar knows the path's ending. Endings count in any case, as on a disk that ignores case.
  public init?(path: some BidirectionalCollection<UInt8>) {
    let name = path.suffix(16)
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), name.startIndex < dot || path.count > 16 else { return nil }
    let ending = name[name.index(after: dot)...].map { $0.lowercased }
    guard let language = Language.endings[ending] else { return nil }
    self = language
  }

  private static let endings: [[UInt8]: Language] = {
    let endings: [(Language, [String])] = [
      (.typeScript, ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"]),
      (.python, ["py", "pyi"]),
      (.rust, ["rs"]),
      (.swift, ["swift"]),
    ]
    return Dictionary(
      uniqueKeysWithValues: endings.flatMap { language, names in names.map { (Array($0.utf8), language) } })
  }()
}
