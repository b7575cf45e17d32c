import Exports
import Testing

/// A barrel of 1,200 statements in the forms that barrels of published packages have, with the comments that stand there.
@Suite("Barrels of real size")
struct RealBarrelTests {
  private static let forms: [@Sendable (Int) -> String] = [
    { "export * from './module\($0)'" }, { "export * from \"./lib/module\($0).js\";" },
    { "export * as ns\($0) from './module\($0)'" },
    { "export { a\($0), b\($0) as c\($0) } from './module\($0)';" },
    { "export { default as D\($0) } from './D\($0)';" },
    { "export type { T\($0), U\($0) } from './types\($0).js';" },
    { "export { type V\($0), w\($0) } from './module\($0)';" },
    { "export type * from './types\($0)'" },
    { "export {\n  // the usual\n  x\($0),\n  y\($0), // and this\n} from './module\($0)'" },
    { "import z\($0) from './z\($0)'\nexport { z\($0) }" },
    { "/**\n * It's `documented`.\n * @example export const no = 1\n */\nexport const k\($0) = /[/`'\"]/g" },
    { "export const f\($0) = <A, B>(a: A, b: B): Map<A, B> => new Map([[a, b]]), g\($0) = 1" },
    { "export interface I\($0)<T = {}> extends J<T, 'x'> {\n  export: `${T}`\n}" },
    { "export function h\($0)(a: string): void\nexport function h\($0)(a: any) {\n  return a / 2 / 3\n}" },
    { "export abstract class K\($0) {\n  static re = /}/\n  #p = `}${'`'}`\n}" },
    { "export const { l\($0), m: [n\($0)] } = o({ p: 1 })" },
    { "export enum E\($0) { A = 'a' }\n// export * from './later\($0)'" },
    { "export declare namespace N\($0) {\n  export const inner: 1\n}" },
    { "if (import.meta.env) /`/.test('x')\nexport type Y\($0) = typeof import('./y\($0)')" },
    { "export default_\($0) from './proposal'" },
  ]

  @Test("\"Not sure\" is said for under 1 % of the statements, and only of those that are none")
  func unsure() throws {
    // The last form is no TypeScript: it comes once in 300.
    let count = 1_200
    let text = (0..<count).map { number in
      Self.forms[number % 300 == 299 ? Self.forms.count - 1 : number % (Self.forms.count - 1)](number) + "\n"
    }.joined()
    let module = try #require(ModuleExports(Array(text.utf8), path: Array("src/index.ts".utf8)))
    #expect(module.statementCount >= count)
    #expect(module.unsure.count == 4)
    #expect(Double(module.unsure.count) < 0.01 * Double(module.statementCount))
  }
}
