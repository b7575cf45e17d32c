import Exports
import Testing

@Suite("What a module exports is read off its text")
struct ModuleExportsTests {
  private func module(_ text: String, _ path: String = "a.ts") throws -> ModuleExports {
    try #require(ModuleExports(Array(text.utf8), path: Array(path.utf8)))
  }

  /// `line name`, `line name < module.original`, `line * < module`, `line ?`.
  private func outline(_ text: String, _ path: String = "a.ts") throws -> [String] {
    let module = try module(text, path)
    let entries = module.entries.map { entry in
      switch entry.origin {
      case .declaration: (entry.line, entry.name.shown)
      case .local(let name): (entry.line, "\(entry.name.shown) < \(name.shown)")
      case .module(let module, let name): (entry.line, "\(entry.name.shown) < \(module.shown).\(name.shown)")
      }
    }
    let stars = module.stars.map { ($0.line, "* < \($0.module.shown)") }
    return (entries + stars + module.unsure.map { ($0, "?") }).sorted { $0.0 < $1.0 }.map { "\($0) \($1)" }
  }

  @Test(
    "Declarations of every kind give their names",
    arguments: [
      ("export const a = 1", ["1 a"]), ("export let a, b: number", ["1 a", "1 b"]),
      ("export var a = 1, b = 2", ["1 a", "1 b"]),
      ("export function f(): void {}", ["1 f"]), ("export function* g() {}", ["1 g"]),
      ("export async function f() {}", ["1 f"]), ("export async function* f() {}", ["1 f"]),
      ("export class A<T> extends B<T> {}", ["1 A"]), ("export abstract class A {}", ["1 A"]),
      ("export declare const a: string", ["1 a"]), ("export declare abstract class A {}", ["1 A"]),
      ("export interface A { b: string }", ["1 A"]), ("export type A = 'x' | \"y\"", ["1 A"]),
      ("export type type = 1", ["1 type"]), ("export enum E { A }", ["1 E"]), ("export const enum E { A }", ["1 E"]),
      ("export declare enum E {}", ["1 E"]), ("export namespace N.M { export const x = 1 }", ["1 N"]),
      ("export module M {}", ["1 M"]), ("export default class {}", ["1 default"]),
      ("export default async () => { export_ }", ["1 default"]), ("export default interface A {}", ["1 default"]),
      ("export default function f() {}", ["1 default"]), ("export import a = N.b", ["1 a"]),
      ("export import a = require('x')", ["1 a"]), ("export as namespace Lib", []),
      ("@dec({ a: 1 }) export class A {}", ["1 A"]), ("export @dec class A {}", ["1 A"]),
      ("export using a = b()", ["1 a"]), ("export await using a = b()", ["1 a"]),
    ])
  func declarations(text: String, expected: [String]) throws {
    #expect(try outline(text) == expected)
    #expect(try outline(text + "\nexport const last = 1") == expected + ["2 last"])
  }

  @Test(
    "Statements without a declaration give their names and where they come from",
    arguments: [
      ("export * from './b'", ["1 * < ./b"]), ("export * as ns from './b'", ["1 ns < ./b.*"]),
      ("export type * from './b'", ["1 * < ./b"]), ("export type * as ns from './b'", ["1 ns < ./b.*"]),
      ("export { a, b as c } from './b'", ["1 a < ./b.a", "1 c < ./b.b"]),
      ("export { default } from './b'", ["1 default < ./b.default"]),
      ("export { default as A, type B as C } from './b'", ["1 A < ./b.default", "1 C < ./b.B"]),
      ("export type { A } from './b'", ["1 A < ./b.A"]), ("const a = 1; export { a as b }", ["1 b < a"]),
      ("import a from './b'\nexport { a }", ["2 a < ./b.default"]),
      ("import * as n from './b'\nexport { n as m }", ["2 m < ./b.*"]),
      ("import { x as a } from './b'\nexport { a }", ["2 a < ./b.x"]),
      ("import d, { type T } from './b'\nexport { d, T }", ["2 d < ./b.default", "2 T < ./b.T"]),
      ("import type { T } from './b'\nexport type { T }", ["2 T < ./b.T"]),
      ("import type from './b'\nexport { type }", ["2 type < ./b.default"]),
      ("export { a }\nimport { a } from './b'", ["1 a < ./b.a"]),
      ("export { x } from './b' with { type: 'json' };\nexport * from 'c'", ["1 x < ./b.x", "2 * < c"]),
      ("export { 'a b' as c, d as 'e f' } from './b'", ["1 c < ./b.a b", "1 e f < ./b.d"]),
      ("export {\n  a,\n  // b,\n  c, // d\n}", ["2 a < a", "4 c < c"]), ("export {}", []),
      ("import a = require('./b')\nexport = a\n", []), ("declare const a: 1\nexport = a;\nexport as namespace b", []),
    ])
  func statements(text: String, expected: [String]) throws {
    #expect(try outline(text) == expected)
  }

  @Test(
    "Every name of a destructuring, and of a list of variables, is found",
    arguments: [
      ("export const { a, b: c, d = 1, ...e } = f", ["1 a", "1 c", "1 d", "1 e"]),
      ("export const [a, , b = [1, 2], ...[c]] = f()", ["1 a", "1 b", "1 c"]),
      ("export const { a: { b }, 'c d': e, [f(1, 2)]: g } = h", ["1 b", "1 e", "1 g"]),
      ("export const a: Map<string, number> = new Map<string, number>(), b = 1", ["1 a", "1 b"]),
      ("export const a = f<A, B>(c, d), b = 1", ["1 a", "1 b"]),
      ("export const a = <A, B = C>(x: A): x is B => true, b = 1", ["1 a", "1 b"]),
      ("export const a: (x: A, y: B) => Map<A, B> = (x, y) => z, b = 1", ["1 a", "1 b"]),
      ("export const a = x < y, b = y > z", ["1 a", "1 b"]),
      ("export const a = 1\nconst b = 2, c = 3", ["1 a"]), ("export let a: string\nlet b, c", ["1 a"]),
      ("export const a = cond\n  ? b\n  : c,\n  d = 1", ["1 a", "4 d"]),
      ("export const a = function () {\n  return 1, 2\n}\nfoo(b, c), d", ["1 a"]),
      ("export const a = {\n  b, c,\n}\nexport const d = 1", ["1 a", "4 d"]),
      ("export let a!: string, b = 2", ["1 a", "1 b"]),
    ])
  func variables(text: String, expected: [String]) throws {
    #expect(try outline(text) == expected)
  }

  @Test("Overloads and merged declarations are one name, whichever way they are written")
  func merged() throws {
    let text =
      "export function f(a: 1): void\nexport function f(a: any) {}\nexport interface f {}\nexport namespace f {}"
    #expect(try outline(text) == ["1 f", "2 f", "3 f", "4 f"])
  }

  @Test(
    "What only looks like an export is none",
    arguments: [
      "// export const a = 1", "/* export const a = 1 */", "const s = 'export const a = 1'",
      "const s = `\nexport const a = 1\n`",
      "const s = `${`\nexport const a = ${'}'}\n`}`", "const r = /`/, x = 1\n// `\n", "const r = /[/`]export/g",
      "f(a.export, { export: 1 })",
      "if (a) /`export/.test(b)", "const x = a / b / `${c}`.length", "const x = {} / 2 // `", "x++ / 2 /* ` */ / 3",
      "declare module 'm' {\n  export const a: 1\n}", "namespace N {\n  export const a = 1\n}", "const a = b! / 2 / c",
      "function f() { return /'/ }", "const o = { return: 1 }.return / 2 / 3", "import('./export')",
      "const a = import.meta.export",
      "export_", "for (const x of y) /'/.exec(x)", "type A = typeof import('./b')",
    ])
  func lookalikes(text: String) throws {
    #expect(try outline(text + "\nexport const real = 1\n").map { $0.drop { $0 != " " } } == [" real"])
  }

  @Test(
    "Elements hide their text and show their code",
    arguments: [
      "const a = <p>Don't export const b = 1</p>", "const a = <a href='x'>`</a>",
      "const a = <A b={`}`} c=\"{\">{d} // </A>",
      "const a = <>\nexport const x = 1\n</>", "const a = <br/>",
      "const a = (\n  <A.B<T> x={() => <c>'</c>}>\n    {/* ' */}\n    it's\n  </A.B>\n)",
      "return_(<p>{list.map((x) => <li key={x}>{`${x}'`}</li>)}</p>)", "const f = <T,>(x: T) => x",
      "const f = <T extends U>(x: T) => x",
      "type F = <T>(x: T) => void", "const a = b < c && d > e", "const a = c ? <p>isn't</p> : <b/>",
      "const a = <p>(it's)</p>",
      "const a = <svg:x data-y-z='1' {...p}/>", "class A<T> { b = <p>`</p> }",
    ])
  func elements(text: String) throws {
    let found = try outline(text + "\nexport const real = 1\n", "a.tsx")
    #expect(found.map { $0.drop { $0 != " " } } == [" real"])
  }

  @Test("A type assertion is none in a file that may not hold elements")
  func assertions() throws {
    #expect(try outline("const a = <T>b\nexport const c = <any>d", "a.ts") == ["2 c"])
  }

  @Test(
    "What is not understood is said, and costs nothing else",
    arguments: [
      ("export v from './b'\nexport const a = 1", ["1 ?", "2 a"]),
      ("const a = `\nexport const b = 1", ["2 ?"]), ("}\nexport const a = 1", ["1 ?", "2 a"]),
      ("f(\nexport const a = 1", ["1 ?"]),
      ("module.exports = { a }", ["1 ?"]), ("exports.a = 1", ["1 ?"]),
      ("export { a b }\nexport const c = 1", ["1 ?", "2 c"]),
      ("export * from './a\\u0062'", ["1 ?"]), ("import {,} from './a'\nexport const a = 1", ["1 ?", "2 a"]),
      ("/* export const a = 1", ["1 ?"]), ("const a = 1\nimport", ["2 ?"]), ("import ", ["1 ?"]), ("export", ["1 ?"]),
      ("export const { a: 1 } = b\nexport const c = 1", ["1 ?", "2 c"]),
    ])
  func unsure(text: String, expected: [String]) throws {
    #expect(try outline(text) == expected)
  }

  @Test("Blanks beyond ASCII are no part of a name (three.js has one behind an interface's)")
  func wideBlanks() throws {
    #expect(try outline("export interface A\u{A0} {}\nexport const b\u{3000}= 1\u{2028}") == ["1 A", "2 b"])
    #expect(try outline("export\u{2003}const Straße\u{FEFF}=\u{A0}1, à = 2") == ["1 Straße", "1 à"])
  }

  @Test(
    "Generics that look like elements are read in linear time", .timeLimit(.minutes(2)),
    arguments: ["a.tsx", "a.ts"])
  func generics(path: String) throws {
    let text = String(repeating: "f = <T>(x)\n", count: 60_000) + "export const last = 1"
    #expect(try outline(text, path) == ["60001 last"])
  }

  @Test("A script without exports gives nothing")
  func script() throws {
    #expect(try outline("console.log(1)").isEmpty)
    #expect(try outline("").isEmpty)
    #expect(try outline("\u{FEFF}export const a = 1\r\nexport const b = 2\r\n") == ["1 a", "2 b"])
  }

  @Test("Of Python what a star import takes is known: __all__, else the public names of the top level")
  func python() throws {
    #expect(
      try outline(
        "import os\nfrom .b import x, _y as z\nA = 1\ndef f():\n  g = 1\nasync def h(): pass\nclass C: pass\n_p = 1\nB: int = 2\nD == 3\n",
        "a.py")
        == ["2 x < .b.x", "2 z < .b._y", "3 A < A", "4 f < f", "6 h < h", "7 C < C", "9 B < B"])
    #expect(
      try outline("from .b import x\nA = B = 1\n__all__ = ['x', 'A']\n", "a.py") == ["2 A < A", "1 x < .b.x"].sorted())
    #expect(try outline("from .b import *\n", "a.py") == ["1 * < .b"])
    #expect(try outline("from .b import *\n__all__ = ['x']\n", "a.py") == ["2 ?"])
    // In order and each once, however often it is listed (found by fuzzing).
    let twice = try #require(
      ModuleExports(
        Array("__all__ = ['y', 'x']\nfrom .b import x\n__all__ += ['x']\ny = 1\n".utf8), path: Array("a.py".utf8)))
    #expect(twice.entries.map(\.line) == [2, 4])
    #expect(try outline("__all__ = b.__all__ + ['x']\n", "a.py") == ["1 ?"])
    #expect(ModuleExports(Array("pub fn f() {}".utf8), path: Array("a.rs".utf8)) == nil)
  }
}
