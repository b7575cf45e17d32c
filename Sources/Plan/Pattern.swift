/// A glob over paths within the repository, matched bytewise.
///
/// `*` and `?` stay within a path component, `**` as a whole component stands for any number of them, `[a-z]` and
/// `[!a-z]` are sets, `{a,b}` alternatives, `\` takes the next byte as it is; a pattern that ends in `/` means all below
/// it. See gitignore(5), from which this differs in one thing: a pattern is always anchored at the top.
public struct Pattern: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  public let text: String

  public init(_ text: String) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }
  public var description: String { text }
}
