import Exports

/// The scanner of exports, and the barrels that it reads: the first byte says the language.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: bytes, count: count)
  let paths = ["index.ts", "index.tsx", "__init__.py", "lib.rs", "Exports.swift"].map { Array($0.utf8) }
  guard let first = input.first else { return 0 }
  let path = paths[Int(first) % paths.count]
  let text = Array(input.dropFirst())
  checkBarrel(text, path)
  checkModule(text, path)
  return 0
}

/// A barrel is cut without losing a byte, and one without its stubs has none of them.
private func checkBarrel(_ text: [UInt8], _ path: [UInt8]) {
  guard let language = Language(path: path) else { return }
  let barrel = Barrel(text, language: language)
  require(barrel.items.flatMap { Array(barrel.bytes(of: $0)) } == text, "no byte is lost")
  require(barrel.removing([]) == text, "removing nothing changes nothing")
}

/// Lines lie in the file and in order, what was kept is read again, and no barrel of one file has a ring that does not end.
private func checkModule(_ text: [UInt8], _ path: [UInt8]) {
  guard let module = ModuleExports(text, path: path) else { return }
  let lines = 1 + text.count { $0 == 0x0A }
  require(module.entries.allSatisfy { (1...lines).contains($0.line) }, "an entry stands in the file")
  require(zip(module.entries, module.entries.dropFirst()).allSatisfy { $0.line <= $1.line }, "entries are in order")
  require(module.unsure.allSatisfy { (1...lines).contains($0) }, "a doubt stands in the file")
  require(ModuleExportsCoder.decode(ModuleExportsCoder.encode([[1]: module])) == [[1]: module], "what is kept is read")
  let other = Array("a.ts".utf8)
  let graph = ModuleGraph(provides: { $0 == path || $0 == other }, load: { _ in module })
  let verdict = graph.collisions(in: path)
  require(graph.collisions(in: path) == verdict, "the same module gives the same verdict")
}
