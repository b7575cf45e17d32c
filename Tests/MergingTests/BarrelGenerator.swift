/// A made-up barrel and what two sides did to it, with a record of each deed.
struct BarrelTriple {
  enum Line: Hashable {
    case live(module: String, names: [String])
    case stub(module: String, names: [String])
    case comment(String)
    case blank

    var module: String? {
      switch self {
      case .live(let module, _), .stub(let module, _): module
      case .comment, .blank: nil
      }
    }

    var text: String {
      switch self {
      case .live(let module, let names):
        names.isEmpty ? "export * from './\(module)'" : "export { \(names.joined(separator: ", ")) } from './\(module)'"
      case .stub(let module, let names): "// " + Line.live(module: module, names: names).text
      case .comment(let words): "// \(words)"
      case .blank: ""
      }
    }
  }

  struct Side {
    var lines: [Line]
    var added: Set<String> = []
    var removed: Set<String> = []
    /// Brought to life, commented out or given another name.
    var edited: Set<String> = []

    func text(_ lineEnd: String = "\n") -> String { lines.map { $0.text + lineEnd }.joined() }
  }

  var base: Side
  var ours: Side
  var theirs: Side

  init(using generator: inout some RandomNumberGenerator) {
    var lines: [Line] = []
    for index in 0..<Int.random(in: 0...12, using: &generator) {
      switch Int.random(in: 0..<10, using: &generator) {
      case 0..<4: lines.append(.live(module: "base\(index)", names: []))
      case 4..<7: lines.append(.stub(module: "base\(index)", names: []))
      case 7: lines.append(.live(module: "base\(index)", names: ["A\(index)", "B\(index)"]))
      case 8: lines.append(.comment("Part \(Int.random(in: 0..<3, using: &generator))"))
      default: lines.append(.blank)
      }
    }
    base = Side(lines: lines)
    ours = Self.edited(base, named: "ours", using: &generator)
    theirs = Self.edited(base, named: "theirs", using: &generator)
  }

  private static func edited(_ base: Side, named name: String, using generator: inout some RandomNumberGenerator)
    -> Side
  {
    var side = base
    for deed in 0..<Int.random(in: 0...4, using: &generator) {
      let place = Int.random(in: 0...side.lines.count, using: &generator)
      let target = place < side.lines.count ? side.lines[place] : nil
      switch (Int.random(in: 0..<6, using: &generator), target) {
      case (0, .stub(let module, let names)):
        side.lines[place] = .live(module: module, names: names)
        side.edited.insert(module)
      case (1, let line?):
        guard let module = line.module, !side.added.contains(module) else { break }
        side.lines.remove(at: place)
        side.removed.insert(module)
      case (2, .live(let module, let names)) where !names.isEmpty:
        side.lines[place] = .live(module: module, names: names + ["N_\(name)\(deed)"])
        side.edited.insert(module)
      case (3, _):
        side.lines.insert(.comment("\(name) \(deed)"), at: place)
      default:
        // One addition in eight is the same on both sides, one takes other names from the same module.
        let added: Line =
          switch Int.random(in: 0..<8, using: &generator) {
          case 0: .live(module: "both\(deed)", names: [])
          case 1: .live(module: "list\(deed)", names: ["L_\(name)"])
          default: .live(module: "\(name)\(deed)", names: [])
          }
        guard let module = added.module, !side.added.contains(module) else { break }
        let paragraph: [Line] = Bool.random(using: &generator) ? [] : [.blank, .comment("\(name) part \(deed)")]
        side.lines.insert(contentsOf: paragraph + [added], at: place)
        side.added.insert(module)
      }
    }
    return side
  }
}
