/// Barrels of every language: the first byte says which.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: bytes, count: count)
  let paths = ["index.ts", "__init__.py", "lib.rs", "Exports.swift"]
  guard let first = input.first else { return 0 }
  MergeTarget(policy: .barrel, path: paths[Int(first) % paths.count]).run(.init(rebasing: input.dropFirst()))
  return 0
}
