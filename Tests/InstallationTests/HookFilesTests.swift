import HookIdentity
import Installation
import Platform
import Testing

@Suite("The files in hooks/")
struct HookFilesTests {
  @Test("There is one for each hook, and it becomes ours", arguments: HookName.allCases)
  func file(hook: HookName) throws {
    let root = FilePath(#filePath).parent.parent.parent
    let file = root / "hooks/\(hook)"
    #expect(file.canBeExecuted)
    let text = String(decoding: try file.contents(), as: UTF8.self)
    #expect(text.hasPrefix("#!/bin/sh\n"))
    #expect(text.hasSuffix("\nexec \(HookSnippet.line(hook))\n"))
  }
}
