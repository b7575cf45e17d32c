import Exports
import Testing

@Suite("A stub is a commented-out export statement")
struct StubTests {
  @Test(
    "Stubs are found in every form of comment line",
    arguments: [
      (Language.typeScript, "//export * from './x'", "stub star from ./x"),
      (.typeScript, "// export * from './x'", "stub star from ./x"),
      (.typeScript, "\t//   export * from './x';  ", "stub star from ./x"),
      (.typeScript, "// export * from './x.js' // WS1", "stub star from ./x.js"),
      (.typeScript, "// export {\n//   a,\n//   // why\n// } from './x'", "stub named a from ./x"),
      (.typeScript, "// export const X = 1", "stub declaration X"),
      (.python, "# from .x import (\n#     a,\n# )", "stub named a from .x"),
      (.rust, "// #[cfg(test)]\n// #[allow(x)]\n// pub mod x;", "stub submodule x from x"),
      (.swift, "// @_exported import X", "stub star from X"),
    ])
  func found(language: Language, text: String, expected: String) {
    #expect(outline(text, language) == [expected])
    #expect(outline(text + "\n", language) == [expected])
    #expect(outline("\n" + text.replacing("\n", with: "\r\n") + "\r\n\r\n", language) == ["blank", expected, "blank"])
  }

  @Test(
    "Prose, halves and pairs are comments",
    arguments: [
      (Language.typeScript, "// export the things below"),
      (.typeScript, "// export default values come first"),
      (.typeScript, "// export { a,"),
      (.typeScript, "// export * from './a'; export * from './b'"),
      (.typeScript, "/// export * from './a'"),
      (.typeScript, "// we export * from './a'"),
      (.python, "# from here on it is private"),
      (.python, "    # from .x import a"),
      (.rust, "// pub mod x"),
      (.swift, "// import X"),
    ])
  func notFound(language: Language, text: String) {
    #expect(outline(text + "\n", language) == ["comment"])
  }

  @Test("Neighbouring stubs are told apart, and comments between them stay comments")
  func neighbours() {
    let text = """
      // Database (SMI-1446)
      // export * from './a.js'
      // export {
      //   b,
      // } from './b.js'
      // and then
      // export * from './c.js'
      export * from './d.js'
      """
    #expect(
      outline(text) == [
        "comment", "stub star from ./a.js", "stub named b from ./b.js", "comment", "stub star from ./c.js",
        "live star from ./d.js",
      ])
  }

  @Test("A stub knows its live bytes, and a live statement goes back to the stub's form")
  func roundTrip() throws {
    let text = "  // export {\r\n  //   a,\r\n  //\r\n  // } from './x' // WS1\r\n"
    let barrel = Barrel(Array(text.utf8), language: .typeScript)
    let stub = try #require(barrel.items.first?.stub)
    #expect(stub.uncommented.shown == "  export {\r\n    a,\r\n  \r\n  } from './x' // WS1\r\n")
    #expect(stub.commentingOut(stub.uncommented).shown == text)
    #expect(barrel.bytes[barrel.items[0].trailingComment!].shown == "// WS1")
  }

  @Test(
    "A stub that is uncommented, and nothing else, counts as brought to life",
    arguments: [
      ("export * from './x.js'\r\n", true), ("  export * from './x.js' // done", true),
      ("export * from './x.js' // WS1\n", true),
      ("export * from './x.js';\n", false), ("export * from \"./x.js\"\n", false), ("export * from './y.js'\n", false),
    ])
  func broughtToLife(live: String, expected: Bool) throws {
    let stub = try #require(
      Barrel(Array("// export * from './x.js' // WS1\n".utf8), language: .typeScript).items[0].stub)
    let barrel = Barrel(Array(live.utf8), language: .typeScript)
    #expect(stub.isBroughtToLife(as: barrel.items[0], in: barrel) == expected)
  }
}
