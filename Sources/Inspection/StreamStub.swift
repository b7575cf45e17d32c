import Exports
import Git
import Plan

/// An export in a shared file of trunk's that waits for a stream.
public struct StreamStub: Hashable, Sendable {
  public var path: [UInt8]
  /// From 1.
  public var line: Int
  /// As it stands there, its first line.
  public var text: [UInt8]
}

extension Situation {
  /// The stubs on trunk that are reserved for a stream, in the order of the shared files.
  public func stubs(of stream: Plan.Stream) throws -> [StreamStub] {
    guard let trunk else { return [] }
    let names = plan.streams.map(StreamNames.init)
    let root = try repository.commit(trunk.tip).tree
    // Patterns of barrels are paths nearly always; where one is not, all of trunk's paths are looked through.
    let patterns = plan.shared.filter { $0.merge == .barrel && $0.stubs != .off }.flatMap(\.paths)
    let literal = patterns.compactMap(\.literalPath)
    let paths = try literal.count == patterns.count ? literal : repository.files(in: root).map(\.path)
    var result: [StreamStub] = []
    for path in paths {
      guard let shared = sharedFiles(for: path), shared.merge == .barrel, let language = Language(path: path),
        let entry = try repository.entry(at: path, in: root), entry.isFile
      else { continue }
      let barrel = Barrel(try repository.blob(entry.id), language: language)
      let owners = Ownership(of: barrel, among: names).owners
      for (item, owner) in zip(barrel.items, owners) where item.stub != nil {
        guard owner?.streams.contains(stream.id) == true else { continue }
        let line = barrel.bytes(of: item).prefix { $0 != UInt8(ascii: "\n") }
        result.append(StreamStub(path: path, line: item.lines.lowerBound, text: Array(line)))
      }
    }
    return result
  }
}
