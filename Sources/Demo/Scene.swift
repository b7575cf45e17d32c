import Platform

/// A part of the story: what is shown, and what happens at it.
public struct Scene: Sendable {
  /// What the scene shows, in a few words.
  public var title: String
  /// Where its steps happen, seen from the hive's directory.
  public var directory: FilePath
  public var steps: [Step]

  public init(_ title: String, in directory: FilePath, _ steps: [Step]) {
    self.title = title
    self.directory = directory
    self.steps = steps
  }
}
