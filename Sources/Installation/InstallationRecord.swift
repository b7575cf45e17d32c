import Git
import Platform

/// What installing put where, so that uninstalling takes exactly that away: `<common>/preflight/installed`.
///
/// Three fields an entry, each ended by NUL, since a path may hold any other byte.
struct InstallationRecord: Equatable {
  /// The repository's own configuration: the keys that were written, with the value that was there before.
  var configuration: [String: String?] = [:]
  /// The files of ours that git runs.
  var hooks: [FilePath] = []
  /// Directories that were not there before.
  var directories: [FilePath] = []
  /// Files that were not there before, and that others write, too.
  var files: [FilePath] = []

  static func file(in layout: RepositoryLayout) -> FilePath { layout.stateDirectory / "installed" }

  init() {}

  /// What is recorded; empty where nothing is.
  init(in layout: RepositoryLayout) throws(SystemError) {
    let bytes = try Self.file(in: layout).contentsIfPresent() ?? []
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    for index in stride(from: 0, to: fields.count - 2, by: 3) {
      let subject = fields[index + 1]
      switch String(decoding: fields[index], as: UTF8.self) {
      case "hook": hooks.append(FilePath(subject))
      case "directory": directories.append(FilePath(subject))
      case "file": files.append(FilePath(subject))
      case "configuration":
        let previous = fields[index + 2]
        let value = previous.isEmpty ? nil : String(decoding: previous.dropFirst(), as: UTF8.self)
        configuration.updateValue(value, forKey: String(decoding: subject, as: UTF8.self))
      default: break  // a later version's
      }
    }
  }

  /// Notes a file that is about to be made, with its directory where that is new, too.
  mutating func noteNew(_ file: FilePath) {
    if !files.contains(file) { files.append(file) }
    if !file.parent.isDirectory, !directories.contains(file.parent) { directories.append(file.parent) }
  }

  func write(in layout: RepositoryLayout) throws(SystemError) {
    let file = Self.file(in: layout)
    guard try file.contentsIfPresent() != contents else { return }
    try file.parent.createDirectories()
    try file.write(contents, durable: true)
  }

  private var contents: [UInt8] {
    var result: [UInt8] = []
    func add(_ fields: [UInt8]...) { for field in fields { result += field + [0] } }
    for (key, previous) in configuration.sorted(by: { $0.key < $1.key }) {
      add(Array("configuration".utf8), Array(key.utf8), previous.map { Array("=\($0)".utf8) } ?? [])
    }
    for path in directories { add(Array("directory".utf8), path.bytes, []) }
    for path in files { add(Array("file".utf8), path.bytes, []) }
    for path in hooks { add(Array("hook".utf8), path.bytes, []) }
    return result
  }
}
