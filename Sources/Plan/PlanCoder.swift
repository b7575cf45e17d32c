/// Goes over a plan's values in a fixed order: the encoder writes each, the decoder puts what it reads in its place.
/// One description of the order serves both, so they cannot differ.
protocol PlanCoder {
  mutating func code(_ number: inout UInt32)
  mutating func code(_ number: inout Double)
  mutating func code(_ text: inout String)
  /// The number of elements that follow, each at least four bytes.
  mutating func code(count: inout Int)
  /// Called with what cannot have been encoded.
  mutating func refuse()
}

extension PlanCoder {
  mutating func code(_ number: inout Int) {
    var raw = UInt32(clamping: number)
    code(&raw)
    number = Int(raw)
  }

  mutating func code(_ flag: inout Bool) {
    var raw: UInt32 = flag ? 1 : 0
    code(&raw)
    if raw > 1 { refuse() }
    flag = raw == 1
  }

  mutating func code<Choice: CaseIterable & Equatable>(_ choice: inout Choice) {
    let all = Array(Choice.allCases)
    var raw = UInt32(all.firstIndex(of: choice) ?? 0)
    code(&raw)
    if Int(raw) < all.count { choice = all[Int(raw)] } else { refuse() }
  }

  mutating func code(_ pattern: inout Pattern) {
    var text = pattern.text
    code(&text)
    pattern = Pattern(text)
  }

  mutating func code<Value>(_ value: inout Value?, or empty: Value, _ body: (inout Self, inout Value) -> Void) {
    var isPresent = value != nil
    code(&isPresent)
    guard isPresent else {
      value = nil
      return
    }
    var present = value ?? empty
    body(&self, &present)
    value = present
  }

  mutating func code(_ text: inout String?) {
    code(&text, or: "") { coder, text in coder.code(&text) }
  }

  mutating func code<Value>(_ list: inout [Value], of empty: Value, _ body: (inout Self, inout Value) -> Void) {
    var count = list.count
    code(count: &count)
    while list.count < count { list.append(empty) }
    list.removeSubrange(count...)
    for index in list.indices { body(&self, &list[index]) }
  }

  mutating func code(_ list: inout [String]) {
    code(&list, of: "") { coder, text in coder.code(&text) }
  }

  mutating func code(_ list: inout [[String]]) {
    code(&list, of: []) { coder, list in coder.code(&list) }
  }

  mutating func code(_ list: inout [Pattern]) {
    code(&list, of: "") { coder, pattern in coder.code(&pattern) }
  }

  mutating func code<Choice: CaseIterable & Equatable>(choices: inout [Choice], of first: Choice) {
    code(&choices, of: first) { coder, choice in coder.code(&choice) }
  }
}

struct PlanEncoder: PlanCoder {
  private(set) var body: [UInt8] = []
  private(set) var strings: [UInt8] = []
  private var offsets: [[UInt8]: UInt32] = [:]

  mutating func code(_ number: inout UInt32) { body += CompiledPlan.bytes(of: number) }
  mutating func code(_ number: inout Double) { body += CompiledPlan.bytes(of: number.bitPattern) }

  mutating func code(_ text: inout String) {
    let bytes = Array(text.utf8)
    var offset = offsets[bytes] ?? UInt32(strings.count)
    var length = UInt32(bytes.count)
    if offsets.updateValue(offset, forKey: bytes) == nil { strings += bytes }
    code(&offset)
    code(&length)
  }

  mutating func code(count: inout Int) { code(&count) }

  mutating func refuse() { preconditionFailure("a plan has no value that cannot be encoded") }
}

/// Reads on with empty values after damage, so that only the end has to look.
struct PlanDecoder: PlanCoder {
  private let block: [UInt8]
  private var offset: Int
  /// Where the strings begin and all else ends.
  private let strings: Int
  private(set) var isDamaged = false

  init(_ block: [UInt8], from offset: Int, strings: Int) {
    self.block = block
    self.offset = offset
    self.strings = strings
  }

  mutating func refuse() { isDamaged = true }

  mutating func code(_ number: inout UInt32) { number = take(4).map { UInt32(littleEndianBytes: $0) } ?? 0 }

  mutating func code(_ number: inout Double) {
    number = take(8).map { Double(bitPattern: UInt64(littleEndianBytes: $0)) } ?? 0
    if !number.isFinite { refuse() }
  }

  mutating func code(_ text: inout String) {
    var start: UInt32 = 0
    var length: UInt32 = 0
    code(&start)
    code(&length)
    guard Int(start) + Int(length) <= block.count - strings,
      let decoded = String(validating: block[strings + Int(start)..<strings + Int(start) + Int(length)], as: UTF8.self)
    else { return refuse() }
    text = decoded
  }

  mutating func code(count: inout Int) {
    code(&count)
    guard count <= (strings - offset) / 4 else {
      count = 0
      return refuse()
    }
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard !isDamaged, strings - offset >= count else {
      refuse()
      return nil
    }
    offset += count
    return block[offset - count..<offset]
  }
}
