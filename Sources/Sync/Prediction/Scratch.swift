import Git

/// A scratch repository that is made when it is first needed.
final class Scratch {
  private let original: Repository
  private var made: ScratchRepository?

  init(_ original: Repository) { self.original = original }

  func repository() throws(GitError) -> ScratchRepository {
    if let made { return made }
    let repository = try ScratchRepository(borrowingFrom: original, hasOwnAttributes: true)
    made = repository
    return repository
  }
}
