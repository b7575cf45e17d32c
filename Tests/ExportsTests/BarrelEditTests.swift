import Exports
import Testing

@Suite("Stubs are added and removed without disturbing the rest")
struct BarrelEditTests {
  private func barrel(_ text: String, _ language: Language = .typeScript) -> Barrel {
    Barrel(Array(text.utf8), language: language)
  }

  private func removing(_ modules: [String], from text: String) -> String {
    let barrel = barrel(text)
    let items = barrel.items.indices.filter { index in
      barrel.items[index].stub?.statement.module.map { modules.contains(String(decoding: $0, as: UTF8.self)) } ?? false
    }
    return String(decoding: barrel.removing(Set(items)), as: UTF8.self)
  }

  private let text = """
    export * from './a'

    // One (A-1)
    // export * from './one'
    // export * from './two'

    // Three (A-3)
    // export * from './three'

    export * from './b'

    """

  @Test("A comment goes with its last stub, and blank lines do not pile up")
  func comments() {
    #expect(removing(["./one"], from: text) == text.replacing("// export * from './one'\n", with: ""))
    #expect(
      removing(["./one", "./two"], from: text)
        == "export * from './a'\n\n// Three (A-3)\n// export * from './three'\n\nexport * from './b'\n")
    #expect(removing(["./one", "./two", "./three"], from: text) == "export * from './a'\n\nexport * from './b'\n")
    #expect(removing([], from: text) == text)
  }

  @Test("A block at the file's end goes with the blank line above it, one at its start with that below")
  func ends() {
    #expect(removing(["./z"], from: "export * from './a'\n\n// Z\n// export * from './z'\n") == "export * from './a'\n")
    #expect(removing(["./z"], from: "// Z\n// export * from './z'\n\nexport * from './a'\n") == "export * from './a'\n")
    #expect(removing(["./z"], from: "// Z\n// export * from './z'") == "")
    #expect(
      removing(["./z"], from: "// heading\n\n// Z\n// export * from './z'\nexport * from './a'\n")
        == "// heading\n\n// Z\nexport * from './a'\n")
  }

  @Test("A new block has the barrel's quotes, semicolons and line ends, and is read as it was meant")
  func reserving() {
    func added(_ text: String, _ modules: [String], _ language: Language = .typeScript) -> String {
      let block = barrel(text, language).reserving(modules.map { Array($0.utf8) }, comment: Array("Cart (S-1)".utf8))
      let items = barrel(text + String(decoding: block, as: UTF8.self), language).items
      #expect(items.suffix(modules.count).compactMap(\.stub?.statement.module) == modules.map { Array($0.utf8) })
      return String(decoding: block, as: UTF8.self)
    }
    #expect(
      added("export * from './a'\n", ["./b", "./c"])
        == "\n// Cart (S-1)\n// export * from './b'\n// export * from './c'\n")
    #expect(added("export * from \"./a\";", ["./b"]) == "\n\n// Cart (S-1)\n// export * from \"./b\";\n")
    #expect(added("export * from './a'\r\n\r\n", ["./b"]) == "// Cart (S-1)\r\n// export * from './b'\r\n")
    #expect(added("", ["./b"]) == "// Cart (S-1)\n// export * from './b'\n")
    #expect(added("from .a import *\n", [".b"], .python) == "\n# Cart (S-1)\n# from .b import *\n")
    #expect(added("pub mod a;\n", ["b"], .rust) == "\n// Cart (S-1)\n// pub mod b;\n")
    #expect(added("pub mod a;\n", ["b::c"], .rust) == "\n// Cart (S-1)\n// pub use b::c::*;\n")
    #expect(added("@_exported import A\n", ["B"], .swift) == "\n// Cart (S-1)\n// @_exported import B\n")
  }
}
