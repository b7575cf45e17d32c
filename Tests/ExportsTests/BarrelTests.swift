import Exports
import Testing

@Suite("A barrel is read as its items")
struct BarrelTests {
  @Test(
    "TypeScript statements of every shape are read",
    arguments: [
      ("export * from './a.js'", "live star from ./a.js"),
      ("export * from \"./a.js\";", "live star from ./a.js"),
      ("  export*from'./a';", "live star from ./a"),
      ("export * as ns from './a'", "live namespace *>ns from ./a"),
      ("export type * from './a'", "live star types: from ./a"),
      ("export type * as ns from './a'", "live namespace types: *>ns from ./a"),
      ("export { a, b as c, default as D } from './a'", "live named a b>c default>D from ./a"),
      ("export { type A, type B as C, type, as } from './a'", "live named type A type B>C type as from ./a"),
      ("export { type as t } from './a'", "live named type>t from ./a"),
      ("export type { A, B, } from './a'", "live named types: A B from ./a"),
      ("export {\n  a,\n  // why\n  b, /* c */\n} from\n  './a'", "live named a b from ./a"),
      ("export { a }\nfrom './a'", "live named a from ./a"),
      ("export { default } from './a'", "live named default from ./a"),
      ("export { a, b }", "live named a b"),
      ("export {}", "live named"),
      ("export { 'any name' as b } from './a'", "live named any name>b from ./a"),
      ("export * from './a.json' with { type: 'json' };", "live star from ./a.json"),
      ("export const VERSION = '1'", "live declaration VERSION"),
      ("export const all = [\n  one,\n  two,\n]", "live declaration all"),
      ("export type ID = string |\n  number", "live declaration type ID"),
      ("export default migration;", "live declaration migration>default"),
      ("export async function run(a = {}) {\n  return `}`\n}", "live declaration run"),
      ("export declare const enum E { A }", "live declaration E"),
    ])
  func typeScript(text: String, expected: String) {
    #expect(outline(text + "\n") == [expected])
    #expect(outline(text) == [expected], "also without a final newline")
    #expect(outline("\u{FEFF}" + text.replacing("\n", with: "\r\n") + "\r\n") == [expected], "also with BOM and CRLF")
  }

  @Test(
    "Python, Rust and Swift statements are read",
    arguments: [
      (Language.python, "from .x import a, b as c", "live named a b>c from .x"),
      (.python, "from .x import (\n    a,  # first\n    b,\n)", "live named a b from .x"),
      (.python, "from .x import a, \\\n    b", "live named a b from .x"),
      (.python, "from . import x", "live named x from ."),
      (.python, "from ...x.y import *", "live star from ...x.y"),
      (.python, "from pkg.x import a", "live named a from pkg.x"),
      (.python, "__all__ = ['a', \"b\"]", "live list a b"),
      (.python, "__all__: list[str] = [\n  'a',\n]", "live list a"),
      (.python, "__all__ += ('a', 'b')", "live list a b"),
      (.python, "__all__.extend(['a'])", "live list a"),
      (.rust, "pub mod x;", "live submodule x from x"),
      (.rust, "#[cfg(feature = \"db\")]\npub(crate) mod r#type;", "live submodule type from type"),
      (.rust, "#[path = \"y.rs\"]\npub mod x;", "live declaration x"),
      (.rust, "pub use x::{a, b as c, d::{self, e}, f::*};", "live named a b>c d::self>d d::e>e f::*>* from x"),
      (.rust, "pub use crate::x::y::Z;", "live named Z from crate::x::y"),
      (.rust, "pub use self::x::*;", "live star from self::x"),
      (.swift, "@_exported import Foundation", "live star from Foundation"),
      (.swift, "@_exported public import Core.Database", "live star from Core.Database"),
      (.swift, "public @_exported import struct Core.Row", "live named Row from Core"),
    ])
  func otherLanguages(language: Language, text: String, expected: String) {
    #expect(outline(text + "\n", language) == [expected])
  }

  @Test(
    "What is not an export statement is code",
    arguments: [
      (Language.typeScript, "import a from './a'"),
      (.typeScript, "exports.a = 1"),
      (.typeScript, "export"),
      (.typeScript, "export * from './a' + b"),
      (.typeScript, "export * from './a\\u0062'"),
      (.typeScript, "export = foo"),
      (.typeScript, "export as namespace Foo"),
      (.typeScript, "const s = `\nexport * from './a'\n`"),
      (.typeScript, "const s = `${`${'}'}\nexport * from './a'\n`}`"),
      (.typeScript, "const r = /[`'/]*\\//g; f(`\nexport * from './a'\n`)"),
      (.typeScript, "declare module 'm' {\n  export * from './a'\n}"),
      (.python, "import x"),
      (.python, "    from .x import a"),
      (.python, "if x: pass; from .x import a"),
      (.python, "from .x import lambda"),
      (.python, "s = '''\nfrom .x import a\n'''"),
      (.python, "f(\nfrom_x,\n__all__)"),
      (.rust, "mod x;"),
      (.rust, "pub mod x {\n  pub mod y;\n}"),
      (.rust, "let s = r#\"\npub mod x;\n\"#;"),
      (.rust, "fn f<'a>(x: &'a str) { '\"'; }"),
      (.swift, "import Foundation"),
      (.swift, "public func f() {}"),
      (.swift, "let s = \"\"\"\n@_exported import X\n\"\"\""),
      (.swift, "let s = \"\\(f(\"a\"))\""),
    ])
  func code(language: Language, text: String) {
    #expect(outline(text + "\n", language).allSatisfy { $0 == "other" })
  }

  @Test("Comments hide statements, and a block comment is never a stub")
  func comments() {
    #expect(outline("/*\nexport * from './a'\n*/\n") == ["comment"])
    #expect(outline("/* export * from './a' */\n") == ["comment"])
    #expect(outline("/** a */ export * from './a' // b\n") == ["comment", "live star from ./a"])
    #expect(outline("/* /* */\npub mod x;\n*/\n", .rust) == ["comment"], "Rust's nest")
  }

  @Test("Several statements on one line are several items")
  func oneLine() {
    let text = "foo(); export * from './a'; export * from './b' // c\n"
    #expect(outline(text) == ["other", "live star from ./a", "live star from ./b"])
    let barrel = Barrel(Array(text.utf8), language: .typeScript)
    #expect(barrel.items.map { barrel.position(of: $0).column } == [1, 8, 29])
    #expect(barrel.bytes[barrel.items[2].trailingComment!].shown == "// c")
  }

  @Test("Lines and columns count from 1, columns in code points, and CRLF ends one line")
  func positions() {
    let barrel = Barrel(
      Array("\u{FEFF}/* é */ export * from './a'\r\n\r\n  // export {\r\n  //   b,\r\n  // }".utf8),
      language: .typeScript)
    let positions = barrel.items.map { barrel.position(of: $0) }
    #expect(positions.map(\.line) == [1, 1, 2, 3])
    #expect(positions.map(\.column) == [1, 9, 1, 3])
    #expect(barrel.items.map(\.lines) == [1...1, 1...1, 2...2, 3...5])
  }

  @Test("Two statements are the same whatever the order of their names")
  func identity() {
    let one = Barrel(Array("export { a, b } from './x'".utf8), language: .typeScript)
    let other = Barrel(Array("// export { b, a } from './x'".utf8), language: .typeScript)
    let identity = one.items[0].statement!.identity
    #expect(other.state(of: identity) == .stub)
    #expect(one.state(of: identity) == .live)
    #expect(Barrel([], language: .typeScript).state(of: identity) == .absent)
  }

  @Test(
    "A path's ending names its language",
    arguments: [
      ("src/index.ts", Language.typeScript), ("a.d.mts", .typeScript), ("A.JSX", .typeScript),
      ("x/__init__.py", .python),
      ("src/lib.rs", .rust), ("Exports.swift", .swift), ("README.md", nil), (".ts", nil), ("ts", nil), ("", nil),
    ])
  func languages(path: String, expected: Language?) {
    #expect(Language(path: Array(path.utf8)) == expected)
  }
}
