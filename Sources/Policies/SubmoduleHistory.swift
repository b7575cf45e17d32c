import Git
import Platform

/// The history of a submodule, where git would look for it to merge two pointers: the submodule's own working tree, else
/// what this worktree keeps of it.
public struct SubmoduleHistory {
  private let repository: Repository

  /// `nil` where the submodule is not here.
  ///
  /// - Parameter path: within the repository.
  public init?(of path: [UInt8], in layout: RepositoryLayout) {
    var places = [layout.gitDirectory.appending(Array("modules/".utf8) + path)]
    if let workTree = layout.workTree, (workTree.appending(path) / ".git").exists {
      places.insert(workTree.appending(path), at: 0)
    }
    // A worktree that has not fetched it: the commits are the same in the main one's.
    places.append(layout.commonDirectory.appending(Array("modules/".utf8) + path))
    let environment = GitCommand.scrubbed(.current)
    for place in places where place.isDirectory {
      guard let found = try? RepositoryLayout(around: place), found.gitDirectory != layout.gitDirectory,
        let repository = try? Repository(found, environment: environment)
      else { continue }
      self.repository = repository
      return
    }
    return nil
  }

  /// `nil` where one of the two is not here.
  public func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) -> Bool? {
    guard (try? repository.hasObject(ancestor)) == true, (try? repository.hasObject(commit)) == true else { return nil }
    return try? repository.isAncestor(ancestor, of: commit)
  }

  /// The one that contains the other, as git merges two pointers; `nil` where neither does, and where one of them does not
  /// contain the base: whoever put it back meant that.
  public func merge(base: ObjectID, ours: ObjectID, theirs: ObjectID) -> ObjectID? {
    guard isAncestor(base, of: ours) == true, isAncestor(base, of: theirs) == true else { return nil }
    if isAncestor(ours, of: theirs) == true { return theirs }
    return isAncestor(theirs, of: ours) == true ? ours : nil
  }
}
