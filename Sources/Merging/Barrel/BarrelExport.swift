import Exports

/// An export statement, live or as a stub, taken apart so that its life, its text and its comment change by themselves.
struct BarrelExport: Hashable {
  let statement: ExportStatement
  /// `stub` or `live`.
  let state: Barrel.State
  /// As it is or would be live, without its trailing comment and the blanks at its end.
  let body: [UInt8]
  /// The trailing comment with the blanks before it.
  let tail: [UInt8]
  /// How to write it as a stub.
  private let stub: Stub?

  init?(_ item: Barrel.Item, in barrel: Barrel) {
    guard let statement = item.statement else { return nil }
    self.statement = statement
    stub = item.stub
    state = stub == nil ? .live : .stub
    let text = stub?.uncommented ?? Array(barrel.bytes(of: item))
    let comment = item.trailingComment.map { text.count - (item.range.upperBound - $0.lowerBound) }
    body = text[..<(comment ?? text.count)].trimmedAtEnd
    tail = text.dropFirst(body.count).trimmedAtEnd
  }

  private init(_ statement: ExportStatement, _ state: Barrel.State, body: [UInt8], tail: [UInt8], stub: Stub?) {
    self.statement = statement
    self.state = state
    self.body = body
    self.tail = tail
    self.stub = stub
  }

  var text: [UInt8] {
    let live = body + tail + [0x0A]
    guard state == .stub, let stub else { return live }
    return stub.commentingOut(live)
  }

  /// What two versions make of one; `nil` where a person must say. `isCombined` tells that neither side has it so.
  static func merged(
    base: BarrelExport?, ours: BarrelExport, theirs: BarrelExport
  ) -> (export: BarrelExport, isCombined: Bool)? {
    guard let state = mergedState(base, ours, theirs), let tail = mergedTail(base, ours, theirs) else { return nil }
    let stub = ours.stub ?? theirs.stub ?? base?.stub
    let isOursKept = base.map { ours.says($0.body) } ?? ours.says(theirs.body)
    let isTheirsKept = base.map { theirs.says($0.body) } ?? isOursKept
    let source: BarrelExport
    if isOursKept {
      source = theirs
    } else if isTheirsKept || ours.says(theirs.body) {
      source = ours
    } else {
      guard let body = NameList.merged(base: base?.body, ours: ours.body, theirs: theirs.body) else { return nil }
      return (BarrelExport(ours.statement, state, body: body, tail: tail, stub: stub), true)
    }
    return (BarrelExport(source.statement, state, body: source.body, tail: tail, stub: stub), false)
  }

  private func says(_ text: [UInt8]) -> Bool {
    body.drop(while: \.isSpaceOrTab) == text.drop(while: \.isSpaceOrTab)
  }

  /// Without a base live is what a stub is reserved for.
  private static func mergedState(
    _ base: BarrelExport?, _ ours: BarrelExport, _ theirs: BarrelExport
  ) -> Barrel.State? {
    guard let base else { return ours.state == theirs.state ? ours.state : .live }
    return ours.state == base.state ? theirs.state : ours.state
  }

  private static func mergedTail(_ base: BarrelExport?, _ ours: BarrelExport, _ theirs: BarrelExport) -> [UInt8]? {
    if ours.tail == theirs.tail { return ours.tail }
    guard let base else { return ours.tail.isEmpty ? theirs.tail : theirs.tail.isEmpty ? ours.tail : nil }
    if ours.tail == base.tail { return theirs.tail }
    return theirs.tail == base.tail ? ours.tail : nil
  }
}

extension RandomAccessCollection<UInt8> {
  fileprivate var trimmedAtEnd: [UInt8] { Array(reversed().drop { $0.isSpaceOrTab || $0 == 0x0A }.reversed()) }
}

extension UInt8 {
  var isSpaceOrTab: Bool { self == 0x20 || self == 0x09 }
}
