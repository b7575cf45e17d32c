import Plan

/// A plan that was read out of a page written for people: what was found, as values.
struct ImportedPlan {
  struct Stream {
    var id: String
    var name: String
    var branch: String?
    var directory: String?
    var worker: String?
    var estimate: String?
    var files: [File] = []
    var issues: [Issue] = []
  }

  struct File {
    var pattern: String
    /// Whether the page says that it is still to be made.
    var isNew: Bool
  }

  struct Issue {
    var id: String
    var title: String
    var priority: String?
    var after: [String] = []
    var isExternal = false
  }

  /// A line that has no place in a plan.
  struct Leftover {
    /// From 1.
    var line: Int
    var text: String
  }

  var name: String?
  /// What the streams' worktrees are below.
  var worktreeDirectory: String?
  var prefixes: [String] = []
  var streams: [Stream] = []
  var shared: [String] = []
  /// Ids of issues, or of a stream where a round has all of it.
  var rounds: [[String]] = []
  var leftovers: [Leftover] = []
  var notices: [String] = []
}
