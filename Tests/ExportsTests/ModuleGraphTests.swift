import Exports
import TestSupport
import Testing

@Suite("Names that two modules behind a barrel export")
struct ModuleGraphTests {
  /// Files by path; `name: path:line path:line` for each collision behind the barrel `index.ts`, or another.
  private func collisions(_ files: [String: String], barrel: String = "index.ts") -> [String] {
    graph(files).collisions(in: Array(barrel.utf8)).collisions.map { collision in
      let sides = [collision.first, collision.second].map { "\($0.source.path.shown):\($0.source.line)" }
      return "\(collision.name.shown): \(sides.joined(separator: " "))"
    }
  }

  private func graph(_ files: [String: String]) -> ModuleGraph {
    let files = Dictionary(uniqueKeysWithValues: files.map { (Array($0.key.utf8), Array($0.value.utf8)) })
    return ModuleGraph(provides: { files[$0] != nil }) { path in files[path].flatMap { ModuleExports($0, path: path) } }
  }

  @Test("Two stars that bring one name from two modules collide, as TS2308 has it")
  func stars() {
    let files = [
      "index.ts": "export * from './sync.js'\nexport * from './database/migration.js'\n",
      "sync.ts": "export interface SyncStatus {}\nexport const sync = 1\n",
      "database/migration.ts": "export const migrate = 1\n\nexport type SyncStatus = 'x'\n",
    ]
    #expect(collisions(files) == ["SyncStatus: sync.ts:1 database/migration.ts:3"])
  }

  @Test("A name that the barrel exports itself wins over its stars")
  func explicit() {
    var files = [
      "index.ts": "export * from './a'\nexport * from './b'\nexport { x } from './b'\n", "a.ts": "export const x = 1\n",
      "b.ts": "export const x = 2\n",
    ]
    #expect(collisions(files) == [])
    files["index.ts"] = "export * from './a'\nexport const x = 3\n"
    #expect(collisions(files) == [])
  }

  @Test("Two statements that name one name of different modules collide; declarations that merge do not")
  func named() {
    let modules = ["a.ts": "export const x = 1\n", "b.ts": "export const x = 2\n", "c.ts": "export { x } from './a'\n"]
    func index(_ text: String) -> [String] { collisions(modules.merging(["index.ts": text]) { $1 }) }
    #expect(index("export { x } from './a'\nexport { x } from './b'\n") == ["x: a.ts:1 b.ts:1"])
    #expect(index("export { x } from './a'\nexport type { x } from './b'\n") == ["x: a.ts:1 b.ts:1"])
    #expect(index("export { x } from './a'\nexport { y as x } from 'package'\n") == ["x: a.ts:1 index.ts:2"])
    #expect(index("export * as x from './a'\nexport { x } from './b'\n") == ["x: index.ts:1 b.ts:1"])
    #expect(index("export { x } from './a'\nexport { x } from './c'\n") == [])
    #expect(index("export interface x {}\nexport class x {}\nexport namespace x {}\n") == [])
    #expect(index("export { x } from './a'\nexport class x {}\n") == ["x: a.ts:1 index.ts:2"])
  }

  @Test("One thing that comes by two ways is no collision")
  func sameBinding() {
    let files = [
      "index.ts": "export * from './a'\nexport * from './nested'\nexport * from './again'\n",
      "a.ts": "export class A {}\n",
      "nested/index.ts": "export * from '../a'\n", "again.ts": "import { A } from './a'\nexport { A }\n",
    ]
    #expect(collisions(files) == [])
    let renamed = files.merging([
      "again.ts": "export { B as A } from './a'\n", "a.ts": "export class A {}\nexport class B {}\n",
    ]) { $1 }
    #expect(collisions(renamed) == ["A: a.ts:1 a.ts:2"])
  }

  @Test("A star passes no default on, and packages and what is no module are not guessed at")
  func defaults() {
    let files = [
      "index.ts":
        "export * from './a'\nexport * from './b'\nexport * from 'rxjs'\nexport * from 'zod'\nexport * from './c.json'\n",
      "a.ts": "export default 1\n", "b.ts": "export default 2\n", "c.json": "{}",
    ]
    #expect(collisions(files) == [])
  }

  @Test("Further barrels are looked through, rings end, and what collides in a further barrel is its own matter")
  func nested() {
    let files = [
      "index.ts": "export * from './a'\nexport * from './lib'\n", "a.ts": "export * from './b'\nexport const x = 1\n",
      "b.ts": "export * from './a'\nexport const y = 1\n",
      "lib/index.ts": "export * from './deep'\nexport * from './index'\n",
      "lib/deep.ts": "export const y = 2\nexport const z = 1\n",
    ]
    #expect(collisions(files) == ["y: b.ts:2 lib/deep.ts:1"])
    #expect(collisions(files, barrel: "b.ts") == [])
    #expect(collisions(["index.ts": "export * from './index'\n"]) == [])
    let inner = [
      "index.ts": "export * from './lib'\nexport * from './c'\n",
      "lib.ts": "export * from './a'\nexport * from './b'\n",
      "a.ts": "export const x = 1", "b.ts": "export const x = 2", "c.ts": "export const c = 3",
    ]
    #expect(collisions(inner) == [])
    #expect(collisions(inner, barrel: "lib.ts") == ["x: a.ts:1 b.ts:1"])
  }

  @Test("Where a statement was not understood nothing is claimed that it could undo")
  func unsure() {
    let files = [
      "index.ts": "export * from './a'\nexport * from './b'\nexport x from './c'\n", "a.ts": "export const x = 1",
      "b.ts": "export const x = 2",
    ]
    #expect(collisions(files) == [])
    #expect(graph(files).collisions(in: Array("index.ts".utf8)).unsureNames == 1)
    let module = files.merging([
      "index.ts": "export * from './a'\nexport * from './b'\n", "b.ts": "export x from 'c'\nexport const x = 1\n",
    ]) { $1 }
    #expect(collisions(module) == ["x: a.ts:1 b.ts:2"])
  }

  @Test("In Python the later of two star imports takes a name from the earlier")
  func python() {
    let files = [
      "pkg/__init__.py": "from .a import *\nfrom .b import *\n",
      "pkg/a.py": "import os\nSyncStatus = 1\ndef _f(): pass\n",
      "pkg/b.py": "import os\nclass SyncStatus: pass\ndef _f(): pass\n",
    ]
    #expect(collisions(files, barrel: "pkg/__init__.py") == ["SyncStatus: pkg/a.py:2 pkg/b.py:2"])
    let listed = files.merging(["pkg/b.py": "__all__ = ['other']\nSyncStatus = 2\nother = 1\n"]) { $1 }
    #expect(collisions(listed, barrel: "pkg/__init__.py") == [])
  }

  @Test("Long chains and rings of many modules end in no time")
  func chains() {
    var files = ["index.ts": "export * from './m0'\nexport * from './other'\n", "other.ts": "export const x = 1\n"]
    for number in 0..<400 { files["m\(number).ts"] = "export * from './m\(number + 1)'\nexport * from './index'\n" }
    files["m400.ts"] = "export const x = 2\n"
    #expect(ContinuousClock().measure { _ = collisions(files) } < .seconds(20))
  }

  @Test("What one graph has found out holds in another but for the files that differ", arguments: 0..<40)
  func inheritance(round: Int) {
    var random = SeededGenerator(seed: UInt64(round + 1))
    var files: [String: String] = [:]
    for path in Self.places where Bool.random(using: &random) { files[path] = Self.module(&random) }
    let origin = graph(files)
    let barrels = ["index.ts", "a/index.ts"].map { Array($0.utf8) }
    for barrel in barrels { _ = origin.collisions(in: barrel) }
    for _ in 0..<10 {
      var changed = files
      for path in Self.places.shuffled(using: &random).prefix(.random(in: 0...3, using: &random)) {
        changed[path] = Bool.random(using: &random) ? nil : Self.module(&random)
      }
      let differing = origin.asked.filter { changed[$0.shown] != files[$0.shown] }
      let heir = graph(changed, like: origin, except: differing)
      for barrel in barrels {
        #expect(heir.collisions(in: barrel) == graph(changed).collisions(in: barrel), "\(files) and \(changed)")
      }
    }
  }

  private static let places = ["index.ts", "a.ts", "b.ts", "c.ts", "a/index.ts", "a/d.ts", "b/index.ts", "c.d.ts"]

  private static func module(_ random: inout SeededGenerator) -> String {
    let lines = [
      "export * from './a'", "export * from './b.js'", "export * from './c'", "export * from '../c'",
      "export * from './d'", "export * from './index'", "export const x = 1", "export const y = 1",
      "export const z = 1", "export { x } from './a'", "export { y as x } from './b'",
      "import { x } from './c'\nexport { x }", "export x from 'c'",
    ]
    return lines.shuffled(using: &random).prefix(.random(in: 1...4, using: &random)).map { $0 + "\n" }.joined()
  }

  private func graph(_ files: [String: String], like origin: ModuleGraph, except differing: Set<[UInt8]>) -> ModuleGraph
  {
    ModuleGraph(like: origin, except: differing, provides: { files[$0.shown] != nil }) { path in
      files[path.shown].flatMap { ModuleExports(Array($0.utf8), path: path) }
    }
  }

  @Test("A graph that differs in one barrel asks for that barrel and for what is new in it, and for nothing else")
  func thrift() {
    var files = ["index.ts": (0..<50).map { "export * from './m\($0).js'\n" }.joined()]
    for number in 0..<50 { files["m\(number).ts"] = "export const x\(number) = 1\n" }
    let origin = graph(files)
    _ = origin.collisions(in: Array("index.ts".utf8))
    files["index.ts"]! += "export * from './new.js'\n"
    files["new.ts"] = "export const x7 = 1\n"
    var asked: [String] = []
    let heir = ModuleGraph(
      like: origin, except: [Array("index.ts".utf8)],
      provides: { path in
        asked.append(path.shown)
        return files[path.shown] != nil
      },
      load: { path in
        asked.append(path.shown)
        return files[path.shown].flatMap { ModuleExports(Array($0.utf8), path: path) }
      })
    #expect(heir.collisions(in: Array("index.ts".utf8)).collisions.map(\.name.shown) == ["x7"])
    #expect(asked == ["index.ts", "new.ts", "new.ts"])
  }
}
