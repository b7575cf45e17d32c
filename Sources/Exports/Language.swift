/// A language that has files of exports, as the end of a path tells.
public enum Language: String, Hashable, Sendable, CaseIterable {
  /// JavaScript as well: its exports are a part of TypeScript's.
  case typeScript
  case python
  case rust
  case swift

  /// `nil` where no grammar knows the path's ending. Endings count in any case, as on a disk that ignores case.
  public init?(path: some BidirectionalCollection<UInt8>) { self.init(path: Array(path.suffix(16))) }

  /// Without generic code, tables and copies: a hook asks it of each module behind a barrel.
  public init?(path: [UInt8]) {
    let start = max(0, path.count - Self.longestEnding - 1)
    guard let dot = path[start...].lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return nil }
    // As one number, the first letter highest.
    let ending = path[(dot + 1)...].reduce(UInt64(0)) { $0 << 8 | UInt64($1.lowercased) }
    switch ending {
    // ts, tsx, mts, cts, js, jsx, mjs, cjs
    case 0x7473, 0x74_7378, 0x6d_7473, 0x63_7473, 0x6a73, 0x6a_7378, 0x6d_6a73, 0x63_6a73: self = .typeScript
    // py, pyi
    case 0x7079, 0x70_7969: self = .python
    // rs
    case 0x7273: self = .rust
    // swift
    case 0x73_7769_6674: self = .swift
    default: return nil
    }
  }

  /// `swift`
  private static let longestEnding = 5
}
