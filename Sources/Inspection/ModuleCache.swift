import Exports
import Git
import Merging
import Platform

/// What the modules of a repository export, by the blob that each was read from: kept in the common git directory, so that a
/// module that nobody changed is read once.
///
/// A cache: whoever may not write it, or finds it damaged, reads again.
final class ModuleCache {
  /// Modules that are kept although this run has no use for them.
  private static let limit = 4096

  private let repository: Repository
  private let file: FilePath
  private lazy var kept = ModuleExportsCoder.decode((try? file.contents()) ?? [])
  private var used: [[UInt8]: ModuleExports] = [:]
  private var hasNews = false

  init(_ repository: Repository) {
    self.repository = repository
    file = repository.layout.stateDirectory / "exports"
  }

  /// `nil` for what is no file or too large to be read, and for a language of which only barrels are read.
  func exports(of entry: TreeEntry, path: [UInt8]) -> ModuleExports? {
    guard entry.isFile, Language(path: path) != nil else { return nil }
    // The same bytes are read otherwise where the ending allows elements.
    let key = entry.id.bytes + path.reversed().prefix { $0 != UInt8(ascii: ".") }
    if let known = used[key] { return known }
    if let known = kept[key] {
      used[key] = known
      return known
    }
    guard let bytes = try? repository.blob(entry.id), Merge.isReadable(bytes),
      let module = ModuleExports(bytes, path: path)
    else { return nil }
    used[key] = module
    hasNews = true
    return module
  }

  func save() {
    guard hasNews else { return }
    hasNews = false
    let all = kept.merging(used) { $1 }
    try? file.parent.createDirectories()
    try? file.write(ModuleExportsCoder.encode(all.count > Self.limit ? used : all))
  }
}
