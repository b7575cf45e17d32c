/// A stream as findings speak of it.
public struct StreamReference: Hashable, Sendable {
  public var id: String
  public var name: String
  /// Short: `feature/live-services-docs`.
  public var branch: String

  public init(id: String, name: String, branch: String) {
    self.id = id
    self.name = name
    self.branch = branch
  }

  /// `ws3 (Database)`.
  public var title: String { name.isEmpty || name == id ? id : "\(id) (\(name))" }
}

extension Sequence where Element == StreamReference {
  /// `ws3 (Database) and ws4 (CLI/DevOps)`.
  var titles: String {
    let all = map(\.title)
    return all.count < 2 ? all.joined() : all.dropLast().joined(separator: ", ") + " and " + all[all.count - 1]
  }
}
