extension Collection<UInt8> {
  /// Whether the bytes of `text` are in it somewhere.
  ///
  /// `contains` of a string in a string is of the library of regular expressions: a megabyte in every hook.
  public func mentions(_ text: String) -> Bool {
    let text = Array(text.utf8)
    return indices.contains { self[$0...].starts(with: text) }
  }
}
