/// What a stream can be called by in a barrel's comments; the plan's words as plain values.
public struct StreamNames: Hashable, Sendable {
  public var id: String
  public var name: String
  /// Ids of issues.
  public var issues: [String]
  /// Modules of stubs that no comment claims, as the barrel writes them.
  public var stubs: [String]

  public init(id: String, name: String = "", issues: [String] = [], stubs: [String] = []) {
    self.id = id
    self.name = name
    self.issues = issues
    self.stubs = stubs
  }
}

/// How a comment came to name a stream; the first that finds anybody counts.
public enum Claim: Hashable, Sendable {
  /// The id of an issue, as a whole word in any case.
  case issue
  /// The stream's id, as a whole word in any case.
  case stream
  /// The stream's name, as a whole word, letter for letter.
  case name
  /// The module is in the plan's `stubs`.
  case module
}

/// The streams that something is reserved for.
public struct Owners: Hashable, Sendable {
  /// Ids of streams, in the plan's order; never empty.
  public var streams: [String]
  public var claim: Claim
}

extension [StreamNames] {
  /// Those named in a comment; `nil` where it names none.
  func named(in comment: some Collection<UInt8>) -> Owners? {
    let text = CommentText(comment)
    let claims: [(Claim, (StreamNames) -> [String], Bool)] = [
      (.issue, \.issues, true), (.stream, { [$0.id] }, true), (.name, { [$0.name] }, false),
    ]
    for (claim, words, isCaseless) in claims {
      let found = text.named(flatMap { stream in words(stream).map { ($0, stream.id) } }, isCaseless: isCaseless)
      let streams = filter { found.contains($0.id) }
      if !streams.isEmpty { return Owners(streams: streams.map(\.id), claim: claim) }
    }
    return nil
  }

  /// Those whose `stubs` list the module.
  func listing(_ module: [UInt8]?) -> Owners? {
    guard let module else { return nil }
    let streams = filter { $0.stubs.contains { $0.utf8.elementsEqual(module) } }
    return streams.isEmpty ? nil : Owners(streams: streams.map(\.id), claim: .module)
  }
}

/// A comment that is searched for words.
private struct CommentText {
  private let bytes: [UInt8]
  private let caseless: [UInt8]

  init(_ bytes: some Collection<UInt8>) {
    self.bytes = Array(bytes)
    caseless = bytes.map(\.lowercased)
  }

  /// The streams that a word stands for somewhere. Of two words on the same letters the longer one is meant: `api-gateway` does
  /// not name `api`.
  func named(_ words: [(word: String, stream: String)], isCaseless: Bool) -> Set<String> {
    let lengths = Set(words.map(\.word.utf8.count)).sorted(by: >)
    var taken = Array(repeating: false, count: bytes.count)
    var streams: Set<String> = []
    for length in lengths {
      let found = words.filter { $0.word.utf8.count == length }.map {
        ($0.stream, starts(of: $0.word, isCaseless: isCaseless))
      }
      var ranges: [Range<Int>] = []
      for (stream, starts) in found {
        let free = starts.map { $0..<$0 + length }.filter { !taken[$0.lowerBound] && !taken[$0.upperBound - 1] }
        if !free.isEmpty { streams.insert(stream) }
        ranges += free
      }
      for range in ranges { for position in range { taken[position] = true } }
    }
    return streams
  }

  /// Where `word` stands with no letter, digit or underscore on either side.
  private func starts(of word: String, isCaseless: Bool) -> [Int] {
    let needle = isCaseless ? word.utf8.map(\.lowercased) : Array(word.utf8)
    let text = isCaseless ? caseless : bytes
    guard let first = needle.first, needle.count <= text.count else { return [] }
    return (0...(text.count - needle.count)).filter { start in
      guard text[start] == first, text.holds(needle, at: start) else { return false }
      let end = start + needle.count
      return (start == 0 || !text[start - 1].isWord) && (end == text.count || !text[end].isWord)
    }
  }
}
