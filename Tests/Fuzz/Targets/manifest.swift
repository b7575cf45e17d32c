@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  MergeTarget(policy: .manifest(), path: "package.json").run(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}
