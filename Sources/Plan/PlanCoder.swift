/// Goes over a plan's values in a fixed order: the encoder writes each, the decoder puts what it reads in its place.
/// One description of the order serves both, so they cannot differ.
protocol PlanCoder {
  mutating func code(_ number: inout UInt32)
  mutating func code(_ number: inout Double)
  mutating func code(_ text: inout String)
  /// The number of elements that follow, each at least four bytes.
  mutating func code(count: inout Int)
  /// The number of elements that follow, and where each begins, so that one can be read without the others.
  mutating func code(indexed count: inout Int, elements: (inout Self, Int) -> Void)
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

  mutating func code<Value>(indexed list: inout [Value], of empty: Value, _ body: (inout Self, inout Value) -> Void) {
    var count = list.count
    var values = list
    code(indexed: &count) { coder, index in
      if index == values.count { values.append(empty) }
      body(&coder, &values[index])
    }
    values.removeSubrange(count...)
    list = values
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

  mutating func code(indexed count: inout Int, elements: (inout Self, Int) -> Void) {
    code(&count)
    let table = body.count
    body += [UInt8](repeating: 0, count: 4 * count)
    for index in 0..<count {
      let offset = CompiledPlan.bytes(of: UInt32(body.count - table))
      body.replaceSubrange(table + 4 * index..<table + 4 * index + 4, with: offset)
      elements(&self, index)
    }
  }

  mutating func refuse() { preconditionFailure("a plan has no value that cannot be encoded") }
}

/// Reads where the bytes lie; on with empty values after damage, so that only the end has to look.
struct PlanDecoder: PlanCoder {
  private let block: UnsafeRawBufferPointer
  private(set) var offset: Int
  /// Where the strings begin and all else ends.
  private let strings: Int
  private(set) var isDamaged = false

  /// - Parameter block: must outlive this value.
  init(_ block: UnsafeRawBufferPointer, from offset: Int, strings: Int) {
    self.block = block
    self.offset = offset
    self.strings = strings
  }

  mutating func refuse() { isDamaged = true }

  mutating func code(_ number: inout UInt32) {
    guard let place = take(4) else { return number = 0 }
    number = block.littleEndian32(at: place)
  }

  mutating func code(_ number: inout Double) {
    guard let place = take(8) else { return number = 0 }
    number = Double(bitPattern: UInt64(littleEndian: block.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
    if !number.isFinite { refuse() }
  }

  mutating func code(_ text: inout String) {
    guard let bytes = takeText(), let decoded = String(validating: bytes, as: UTF8.self) else { return refuse() }
    text = decoded
  }

  /// The bytes of a string; `nil` where they would lie outside.
  mutating func takeText() -> UnsafeRawBufferPointer? {
    var start: UInt32 = 0
    var length: UInt32 = 0
    code(&start)
    code(&length)
    guard !isDamaged, Int(start) + Int(length) <= block.count - strings else {
      refuse()
      return nil
    }
    let first = strings + Int(start)
    return UnsafeRawBufferPointer(rebasing: block[first..<first + Int(length)])
  }

  mutating func code(count: inout Int) {
    code(&count)
    guard count <= (strings - offset) / 4 else {
      count = 0
      return refuse()
    }
  }

  mutating func code(indexed count: inout Int, elements: (inout Self, Int) -> Void) {
    code(count: &count)
    _ = take(4 * count)  // who reads all of them needs no table
    for index in 0..<count where !isDamaged { elements(&self, index) }
    if isDamaged { count = 0 }
  }

  /// Goes to an element of a list that stands here and was written with where each begins; `nil` where there is none.
  func element(_ index: Int) -> PlanDecoder? {
    var decoder = self
    var count = 0
    decoder.code(count: &count)
    guard index < count, let place = decoder.take(4 * count) else { return nil }
    let start = place + Int(block.littleEndian32(at: place + 4 * index))
    return start <= strings ? PlanDecoder(block, from: start, strings: strings) : nil
  }

  /// Where the next `count` bytes begin; `nil` where there are fewer.
  private mutating func take(_ count: Int) -> Int? {
    guard !isDamaged, strings - offset >= count else {
      refuse()
      return nil
    }
    offset += count
    return offset - count
  }
}

extension UnsafeRawBufferPointer {
  func littleEndian32(at offset: Int) -> UInt32 {
    UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
