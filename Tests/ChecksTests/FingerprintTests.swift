import Testing

@testable import Checks

@Suite("Digests")
struct FingerprintTests {
  @Test(
    "SHA-256 gives the values of FIPS 180-4 and of `sha256sum` around the block size",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
      ("x", 55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072"),
      ("x", 56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e"),
      ("x", 63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2"),
      ("x", 64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c"),
      ("x", 65, "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9"),
    ])
  func vectors(text: String, count: Int, expected: String) {
    let digest = SHA256.digest(of: Array(String(repeating: text, count: count).utf8))
    #expect(digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == expected)
  }

  @Test("The same bytes divided otherwise have another fingerprint")
  func noCollisions() {
    func hex(_ fill: (inout Fingerprint) -> Void) -> String {
      var fingerprint = Fingerprint()
      fill(&fingerprint)
      return fingerprint.hex
    }
    let all = [
      hex {
        $0.add("ab")
        $0.add("c")
      },
      hex {
        $0.add("a")
        $0.add("bc")
      },
      hex { $0.add("abc") },
      hex { $0.add(list: [[97, 98], [99]]) },
      hex {
        $0.add(list: [[97, 98]])
        $0.add("c")
      },
      hex { $0.add([UInt8]?.none) },
      hex { $0.add([UInt8]?.some([])) },
      hex { $0.add([UInt8]()) },
    ]
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { $0.utf8.count == 64 })
  }
}

@Suite("Percent encoding")
struct PercentEncodingTests {
  @Test("Every byte comes back, as visible ASCII without a blank between")
  func everyByte() {
    let bytes = Array(UInt8.min...UInt8.max)
    let word = percentEncoded(bytes)
    #expect(word.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    #expect(percentDecoded(Array(word.utf8)) == bytes)
  }

  @Test("A per cent sign without its digits is damage", arguments: ["%", "%4", "a%zz", "%%41"])
  func damaged(word: String) { #expect(percentDecoded(Array(word.utf8)) == nil) }
}
