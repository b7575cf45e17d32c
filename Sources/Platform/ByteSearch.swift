extension Collection<UInt8> {
  /// Whether the bytes of `text` are in it somewhere.
  ///
  /// `contains` of a string in a string is of the library of regular expressions: a megabyte in every hook.
  public func mentions(_ text: String) -> Bool {
    func search(_ bytes: UnsafeRawBufferPointer) -> Bool {
      var text = text
      return text.withUTF8 { $0.isEmpty || firstOccurrence(of: UnsafeRawBufferPointer($0), in: bytes) != nil }
    }
    return withContiguousStorageIfAvailable { search(UnsafeRawBufferPointer($0)) }
      ?? Array(self).withUnsafeBytes(search)
  }
}
