import CLibgit2

extension Repository {
  /// What git compares of a file's change to tell whether two commits make the same one: the lines of its patch, context
  /// included, without blanks and line numbers; see git-patch-id(1). `nil` for a binary file, whose two blobs are compared.
  ///
  /// git's own diff, which libgit2 shares.
  public func patchText(of change: TreeChange) throws(GitError) -> [UInt8]? {
    let old = try patchContents(of: change.old)
    let new = try patchContents(of: change.new)
    // git takes a NUL near the start for a sign of binary contents.
    if old.prefix(8000).contains(0) || new.prefix(8000).contains(0) { return nil }
    var options = git_diff_options()
    try check(git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)), "compare files")
    options.flags = GIT_DIFF_FORCE_TEXT.rawValue
    // The patch points into both buffers for as long as it lives.
    return try old.withUnsafeBufferPointer { old throws(GitError) in
      try new.withUnsafeBufferPointer { new throws(GitError) in
        var patch: OpaquePointer?
        defer { git_patch_free(patch) }
        try check(
          git_patch_from_buffers(&patch, old.baseAddress, old.count, nil, new.baseAddress, new.count, nil, &options),
          "compare files")
        return try patchLines(patch)
      }
    }
  }

  private func patchLines(_ patch: OpaquePointer?) throws(GitError) -> [UInt8] {
    var result: [UInt8] = []
    for hunk in 0..<git_patch_num_hunks(patch) {
      for number in 0..<max(0, git_patch_num_lines_in_hunk(patch, hunk)) {
        var line: UnsafePointer<git_diff_line>?
        try check(git_patch_get_line_in_hunk(&line, patch, hunk, Int(number)), "compare files")
        guard let line = line?.pointee, let content = line.content else { continue }
        let origin = UInt8(bitPattern: line.origin)
        guard [UInt8(ascii: " "), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(origin) else { continue }
        if origin != UInt8(ascii: " ") { result.append(origin) }
        let bytes = UnsafeRawBufferPointer(start: content, count: line.content_len)
        result += bytes.lazy.filter { !$0.isBlank }
      }
    }
    return result
  }

  /// A submodule shows as a line that names its commit.
  private func patchContents(of entry: TreeEntry?) throws(GitError) -> [UInt8] {
    guard let entry else { return [] }
    return entry.isSubmodule ? Array("Subproject commit \(entry.id)\n".utf8) : try blob(entry.id)
  }
}

extension UInt8 {
  /// What git calls space: blank, tab, line feed, carriage return.
  var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
