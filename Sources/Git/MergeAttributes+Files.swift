import Platform

extension MergeAttributes {
  /// The `.gitattributes` that can reach any of the paths, for a working tree in which git is to merge.
  public func files(above paths: some Sequence<[UInt8]>) throws(GitError) -> [ScratchRepository.File] {
    var files: [ScratchRepository.File] = []
    for (path, id) in try entries(above: paths) { files.append(.init(path: path, contents: try repository.blob(id))) }
    return files
  }

  /// Bytes that are another's when a `.gitattributes` that can reach any of the paths is another one.
  public func evidence(above paths: some Sequence<[UInt8]>) throws(GitError) -> [UInt8] {
    var evidence: [UInt8] = []
    for (path, id) in try entries(above: paths) { evidence += path + Array(" \(id)\u{0}".utf8) }
    return evidence
  }

  /// The same for the attributes that hold in every directory.
  public func commonEvidence() throws(GitError) -> [UInt8] {
    var evidence: [UInt8] = []
    for file in try repository.commonAttributeFiles() {
      evidence += try systemCall { () throws(SystemError) in try file.contentsIfPresent() } ?? []
      evidence.append(0)
    }
    return evidence
  }

  private func entries(above paths: some Sequence<[UInt8]>) throws(GitError) -> [(path: [UInt8], id: ObjectID)] {
    var directories: Set<[UInt8]> = [[]]
    for path in paths {
      for index in path.indices.reversed() where path[index] == UInt8(ascii: "/") {
        guard directories.insert(Array(path[...index])).inserted else { break }  // it has been followed to the top
      }
    }
    var found: [(path: [UInt8], id: ObjectID)] = []
    for directory in directories.sorted(by: { $0.lexicographicallyPrecedes($1) }) where Self.isHarmless(directory) {
      let path = directory + Array(".gitattributes".utf8)
      // git reads none through a symbolic link.
      if let entry = try repository.entry(at: path, in: tree), entry.isFile { found.append((path, entry.id)) }
    }
    return found
  }

  /// git checks out no directory of such a name; a tree that has one is somebody's attack.
  private static func isHarmless(_ directory: [UInt8]) -> Bool {
    let names = directory.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self).lowercased() }
    return !names.contains { [".", "..", ".git"].contains($0) }
  }
}
