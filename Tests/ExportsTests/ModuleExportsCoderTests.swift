import Exports
import Testing

@Suite("What modules export can be kept")
struct ModuleExportsCoderTests {
  private var modules: [[UInt8]: ModuleExports] {
    get throws {
      let texts = [
        "export const a = 1",
        "export * from './b'\nexport { c as d } from 'e'\nconst f = 1; export { f as g }\nexport h from 'i'", "",
      ]
      let modules = try texts.map { try #require(ModuleExports(Array($0.utf8), path: Array("a.ts".utf8))) }
      return Dictionary(
        uniqueKeysWithValues: modules.enumerated().map { (Array(repeating: UInt8($0.offset), count: 20), $0.element) })
    }
  }

  @Test("What was written is read")
  func roundTrip() throws {
    #expect(try ModuleExportsCoder.decode(ModuleExportsCoder.encode(modules)) == modules)
    #expect(ModuleExportsCoder.decode(ModuleExportsCoder.encode([:])).isEmpty)
  }

  @Test("What is damaged anywhere, or cut off, counts as nothing")
  func damage() throws {
    let bytes = try ModuleExportsCoder.encode(modules)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x40
      #expect(ModuleExportsCoder.decode(damaged).isEmpty, "byte \(index)")
      #expect(ModuleExportsCoder.decode(Array(bytes[..<index])).isEmpty, "cut off at \(index)")
    }
  }
}
