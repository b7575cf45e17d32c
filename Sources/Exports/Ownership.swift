/// Who a barrel's stubs and blocks are reserved for.
///
/// A stub belongs to the streams that its own trailing comment names; else to those that the comment run directly above it
/// names, which ends at a blank line or a stub; else to those whose plan lists its module; else to those whose block it
/// stands in. So of two stubs below one comment, which is directly above the first alone, the second goes with the block: it
/// is the comment's streams' as well, until something nearer claims it.
public struct Ownership: Hashable, Sendable {
  /// For each item of the barrel; `nil` for what is neither a stub nor a statement, and for those that nobody claims.
  public let owners: [Owners?]
  /// In order, without overlap.
  public let blocks: [Block]

  public init(of barrel: Barrel, among streams: [StreamNames]) {
    var reader = OwnershipReader(barrel, streams)
    reader.read()
    owners = reader.owners
    blocks = reader.blocks
  }

  /// The block that holds an item.
  public func block(holding item: Int) -> Block? { blocks.first { $0.items.contains(item) } }
}

/// A comment run that names streams, with the statements and stubs below it up to a blank line or the next owner's comment; or
/// a statement or stub that its trailing comment or the plan reserves.
public struct Block: Hashable, Sendable {
  /// Indices into the barrel's items.
  public var items: Range<Int>
  public var owners: Owners
  /// Whether anything in it waits to be brought to life. A comment such as `// Security` above live exports is a heading, not a
  /// reservation.
  public var holdsStub: Bool

  /// Whether the comment can only be meant for the stream: it holds a stub, or it names an issue or the stream by its id.
  public var isCertain: Bool { holdsStub || owners.claim != .name }
}

/// Walks down a barrel and hands each stub and statement to the nearest claim.
private struct OwnershipReader {
  let barrel: Barrel
  let streams: [StreamNames]
  var owners: [Owners?]
  var blocks: [Block] = []
  /// Whom the last comment run that named anybody reserves the lines below it for, up to a blank line.
  private var scope: Owners?
  private var block: Block?

  init(_ barrel: Barrel, _ streams: [StreamNames]) {
    self.barrel = barrel
    self.streams = streams
    owners = Array(repeating: nil, count: barrel.items.count)
  }

  mutating func read() {
    var index = 0
    while index < barrel.items.count {
      let comments = index..<(barrel.items[index...].firstIndex { $0.content != .comment } ?? barrel.items.count)
      let named = comments.isEmpty ? nil : streams.named(in: barrel.bytes[bytes(of: comments)])
      if let named {
        closeBlock()
        scope = named
      }
      index = comments.upperBound
      guard index < barrel.items.count else { break }
      if barrel.items[index].content == .blank {
        closeBlock()
        scope = nil
      } else {
        add(comments.lowerBound..<index + 1, ownedBy: trailing(index) ?? named ?? listed(index) ?? scope)
      }
      index += 1
    }
    closeBlock()
  }

  /// Adds a statement, a stub or code, with the comments above it.
  private mutating func add(_ items: Range<Int>, ownedBy owner: Owners?) {
    if block?.owners.streams != owner?.streams { closeBlock() }
    guard let owner else { return }
    let item = barrel.items[items.upperBound - 1]
    if item.statement != nil { owners[items.upperBound - 1] = owner }
    var grown = block ?? Block(items: items, owners: owner, holdsStub: false)
    grown.items = grown.items.lowerBound..<items.upperBound
    grown.holdsStub = grown.holdsStub || item.stub != nil
    block = grown
  }

  private mutating func closeBlock() {
    if let block { blocks.append(block) }
    block = nil
  }

  private func bytes(of items: Range<Int>) -> Range<Int> {
    barrel.items[items.lowerBound].range.lowerBound..<barrel.items[items.upperBound - 1].range.upperBound
  }

  private func trailing(_ index: Int) -> Owners? {
    barrel.items[index].trailingComment.flatMap { streams.named(in: barrel.bytes[$0]) }
  }

  private func listed(_ index: Int) -> Owners? { streams.listing(barrel.items[index].statement?.module) }
}
