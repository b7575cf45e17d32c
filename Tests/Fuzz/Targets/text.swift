@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  MergeTarget(policy: .text, path: "a.txt").run(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}
