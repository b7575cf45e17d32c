import Exports
import Testing

@Suite("A module is looked for where its language would look")
struct ModuleResolverTests {
  private func resolve(_ statement: String, in path: String, tree: Set<String>) throws -> ModuleResolver.Resolution {
    let language = try #require(Language(path: Array(path.utf8)))
    let barrel = Barrel(Array(statement.utf8), language: language)
    let resolver = ModuleResolver(path: Array(path.utf8), language: language)
    return resolver.resolve(try #require(barrel.items.first?.statement)) { tree.contains($0.shown) }
  }

  @Test(
    "Files that provide a module are found",
    arguments: [
      ("src/index.ts", "export * from './x.js'", "src/x.ts"),
      ("src/index.ts", "export * from './x.js'", "src/x.tsx"),
      ("src/index.ts", "export * from './x.js'", "src/x.d.ts"),
      ("src/index.ts", "export * from './x.js'", "src/x/index.ts"),
      ("src/index.ts", "export * from './x.js'", "src/x.js"),
      ("src/index.ts", "export * from './x.jsx'", "src/x.tsx"),
      ("src/index.ts", "export * from './x.mjs'", "src/x.mts"),
      ("src/index.ts", "export * from './x.cjs'", "src/x.cts"),
      ("src/index.ts", "export * from './x'", "src/x/index.tsx"),
      ("src/index.ts", "export * from './x.service'", "src/x.service.ts"),
      ("src/index.ts", "export * from './x.ts'", "src/x.ts"),
      ("src/index.ts", "export { default } from './x.json'", "src/x.json"),
      ("src/index.ts", "export { default } from './x.svg?raw'", "src/x.svg"),
      ("src/index.ts", "export { default } from './X.vue'", "src/X.vue"),
      ("src/a/index.ts", "export * from '..'", "src/index.ts"),
      ("src/a/index.ts", "export * from '../../lib/x.js'", "lib/x.ts"),
      ("index.ts", "export * from './x/'", "x/index.ts"),
      ("pkg/__init__.py", "from .x import a", "pkg/x.py"),
      ("pkg/__init__.py", "from .x import a", "pkg/x/__init__.py"),
      ("pkg/__init__.py", "from .x import a", "pkg/x/a.py"),
      ("pkg/__init__.py", "from . import x", "pkg/x.py"),
      ("pkg/sub/__init__.py", "from ..x.y import a", "pkg/x/y.py"),
      ("src/lib.rs", "pub mod x;", "src/x.rs"),
      ("src/a/mod.rs", "pub mod x;", "src/a/x/mod.rs"),
      ("src/a.rs", "pub mod x;", "src/a/x.rs"),
      ("src/bin/tool.rs", "pub mod x;", "src/bin/x.rs"),
      ("src/lib.rs", "pub use self::x::Y;", "src/x.rs"),
    ])
  func found(path: String, statement: String, file: String) throws {
    #expect(try resolve(statement, in: path, tree: [file]) == .file(Array(file.utf8)))
  }

  @Test(
    "A module without a file is missing, and the likeliest path comes first",
    arguments: [
      ("src/index.ts", "export * from './x.js'", "src/x.ts"),
      ("src/index.ts", "export * from './x'", "src/x.ts"),
      ("pkg/__init__.py", "from .x import a", "pkg/x.py"),
      ("pkg/__init__.py", "from . import x", "pkg/x.py"),
      ("src/lib.rs", "pub mod x;", "src/x.rs"),
    ])
  func missing(path: String, statement: String, likeliest: String) throws {
    guard case .missing(let candidates) = try resolve(statement, in: path, tree: ["src/y.ts", "src/x"]) else {
      // A file `src/x` provides './x' literally.
      #expect(statement == "export * from './x'")
      return
    }
    #expect(candidates.first?.shown == likeliest)
  }

  @Test(
    "What paths cannot tell is not said to be missing",
    arguments: [
      ("src/index.ts", "export * from 'zod'"), ("src/index.ts", "export * from '#internal/x'"),
      ("src/index.ts", "export * from '../../outside'"), ("src/index.ts", "export const X = 1"),
      ("pkg/__init__.py", "from pkg.x import a"), ("pkg/core.py", "from . import VERSION"),
      ("src/lib.rs", "pub use serde::Serialize;"), ("src/lib.rs", "pub use crate::x::Y;"),
      ("A.swift", "@_exported import X"),
    ])
  func unknown(path: String, statement: String) throws {
    #expect(try resolve(statement, in: path, tree: []) == .unknown)
  }

  @Test(
    "Where everything is there, the first of the candidates is taken",
    arguments: [
      "./x.js", "./x.jsx", "./x.mjs", "./x.cjs", "./x", "./x.ts", "./x.d.ts", "./x.json", "./x/", ".", "..",
      "./a.b/x.js", "./js", "./.js", "./a/.js", "./a//x.js", "./a/./x.js", "./a/../x.js", "./.a.js", "././x.js",
      "./a/b.c.js",
      "./x#y.js", "./a/x.js", "./x.JS", "../y/x.js?raw", "./x.test.js", "./x.vue",
    ])
  func first(module: String) throws {
    let resolver = ModuleResolver(path: Array("src/lib/index.ts".utf8), language: .typeScript)
    let statement = ExportStatement(.star, module: Array(module.utf8))
    guard case .missing(let candidates) = resolver.resolve(statement, { _ in false }) else {
      Issue.record("'\(module)' is not looked for")
      return
    }
    #expect(resolver.resolve(statement) { _ in true } == .file(candidates[0]))
  }

  @Test(
    "A path's ending tells the language, in any case",
    arguments: [
      ("a.ts", Language.typeScript), ("a/b.TSX", .typeScript), ("a.mts", .typeScript), ("a.cts", .typeScript),
      ("a.js", .typeScript), ("a.jsx", .typeScript), ("a.mjs", .typeScript), ("a.cjs", .typeScript),
      ("x.d.ts", .typeScript),
      ("a.py", .python), ("a.pyi", .python), ("a.rs", .rust), ("A.Swift", .swift), ("/.ts", .typeScript),
      ("a", nil), (".ts", nil), ("ts", nil), ("a.", nil), ("a.tss", nil), ("a.xswift", nil), ("a.swiftx", nil),
      ("", nil),
      ("a.ts/b", nil), ("a.s", nil), ("a.pyc", nil), ("a.json", nil), ("a.t s", nil),
    ])
  func language(path: String, expected: Language?) {
    #expect(Language(path: Array(path.utf8)) == expected)
    #expect(
      Language(path: Array(("directory/of/many/letters/" + path).utf8)) == (path == ".ts" ? .typeScript : expected))
  }
}
