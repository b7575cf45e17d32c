/// How long a command that has failed waits for its next turn.
struct BackOff {
  /// Seconds.
  var first = 1.0
  var limit = 300.0
  /// From 0 up to 1.
  var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

  /// - Parameter attempt: how often it has failed, from 1.
  /// - Returns: seconds: twice as many each time, and by chance between half and all of these, so that those who were
  ///   refused together do not come back together.
  func delay(after attempt: Int) -> Double {
    var full = first
    for _ in 1..<max(1, attempt) where full < limit { full *= 2 }
    full = min(full, limit)
    return full * (0.5 + random() / 2)
  }
}

/// Whether what a program printed speaks of HTTP's status 429, too many requests: the number by itself, not as a part of
/// another word, of a number, or of an issue (`SMI-429`, `#429`).
func saysTooManyRequests(_ output: [UInt8]) -> Bool {
  let number = Array("429".utf8)
  func joins(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "#"), UInt8(ascii: "_"),
      UInt8(ascii: "/"), 0x80...:
      true
    default: false
    }
  }
  var start = 0
  while start + 3 <= output.count {
    if Array(output[start..<start + 3]) == number {
      let before = start == 0 ? nil : output[start - 1]
      let after = start + 3 == output.count ? nil : output[start + 3]
      let isFraction = before == UInt8(ascii: ".") || before == UInt8(ascii: ",")
      if !(before.map(joins) ?? false), !isFraction, !(after.map(joins) ?? false) { return true }
    }
    start += 1
  }
  return false
}
