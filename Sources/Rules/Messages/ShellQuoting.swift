/// `text` as one word of a POSIX shell; as it is where no character of it means anything there.
public func shellQuoted(_ text: String) -> String {
  let plain = !text.isEmpty && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || unquoted.contains($0) }
  if plain { return text }
  // Within single quotes only their own end means anything.
  return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
}

private let unquoted = Array("-_./:=@%+,".utf8)
