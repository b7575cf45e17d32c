import Plan

/// A first `preflight.toml`, written from what is there.
public struct StarterPlan: Sendable {
  public struct Stream: Hashable, Sendable {
    public var id: String
    public var name: String
    /// Without `refs/heads/`.
    public var branch: [UInt8]
    /// The worktree's directory below `worktreeDirectory`.
    public var directory: String?

    public init(id: String, name: String, branch: [UInt8], directory: String? = nil) {
      self.id = id
      self.name = name
      self.branch = branch
      self.directory = directory
    }
  }

  public var name = ""
  public var trunk = "main"
  public var remote: String?
  public var issuePrefixes: [String] = []
  /// Types that the history uses three times or more; empty: the conventional ones.
  public var types: [String] = []
  public var worktreeDirectory = "../worktrees"
  public var barrels: [[UInt8]] = []
  public var changelogs: [[UInt8]] = []
  public var manifests: [Pattern] = []
  public var lockFiles: [(path: [UInt8], run: [String])] = []
  public var streams: [Stream] = []

  public init() {}

  /// The file; `PlanDocument` finds no fault in it if ids, branches and types are ones that it accepts.
  public var text: String {
    [project, commits, rules, sync, worktree, shared, checks, streamTables].joined(separator: "\n")
  }
}

extension StarterPlan {
  private var project: String {
    """
    # What this repository's streams have agreed on. Hooks read it from trunk: commit it there, then `preflight install`.
    # `preflight plan check` says what is wrong with it; a key that is not known is refused, never ignored.

    [project]
    name = \(TOMLText.string(name))
    trunk = \(TOMLText.string(trunk))
    \(remote.map { "remote = \(TOMLText.string($0))" } ?? #"# remote = "origin""#)
    \(issuePrefixes.isEmpty
      ? #"# issue-prefix = ["ABC"]           # issues are ABC-<digits>"#
      : "issue-prefix = \(TOMLText.list(issuePrefixes))")

    """
  }

  private var commits: String {
    """
    [commits]                           # conventional commits
    types = \(TOMLText.list(types.isEmpty ? Plan.CommitPolicy.conventionalTypes : types))
    scopes = []                         # empty: any scope
    require-scope = false
    subject-max = 100                   # code points, a trailing " (#123)" not counted
    body-max = 0                        # 0: not checked
    fix = true                          # commit-msg mends what has one reading and says so

    """
  }

  private var rules: String {
    """
    [rules]                             # error | warn | off, by id or by prefix
    # "ownership" = "error"

    """
  }

  private var sync: String {
    """
    [sync]                              # when trunk has moved
    mode = "rebase"                     # rebase | notify | off
    streams = "all"                     # all: every branch in a worktree; planned: the streams below
    published = "rebase"                # rebase | hold: branches that the remote has
    quiet = "20s"                       # a worktree with a file written less than this ago is left alone

    """
  }

  private var worktree: String {
    """
    [worktree]
    dir = \(TOMLText.string(worktreeDirectory))\(" ")# where new worktrees go, relative to the main one
    link = []                           # files linked from the main worktree, such as ".env"
    setup = []                          # commands in a new worktree
    remove = []                         # commands before one is removed

    """
  }

  private var shared: String {
    var text = "# Files that several streams change; the first entry that matches a path counts.\n"
    text += sharedTable(
      barrels.map(Pattern.init(literal:)), merge: "barrel",
      "stubs = \"block\"                     # block | uncomment | off\n")
    text += sharedTable(changelogs.map(Pattern.init(literal:)), merge: "changelog")
    text += sharedTable(manifests, merge: "manifest")
    for lock in lockFiles {
      text += sharedTable([Pattern(literal: lock.path)], merge: "regenerate", "run = \(TOMLText.list(lock.run))\n")
    }
    return text
  }

  private func sharedTable(_ patterns: [Pattern], merge: String, _ more: String = "") -> String {
    guard !patterns.isEmpty else { return "" }
    return "\n[[shared]]\npaths = \(TOMLText.list(patterns.map(\.text)))\nmerge = \(TOMLText.string(merge))\n\(more)"
  }

  private var checks: String {
    """
    # The project's own commands, run once trusted; {worktree} {stream} {branch} {base} are filled in.
    # [[checks]]
    # name = "tests"
    # run = ["npm", "test"]
    # when = ["preflight"]              # preflight | pre-push | pre-commit
    # timeout = "20m"

    """
  }

  private var streamTables: String {
    let example = """
      # A stream is a branch with a purpose. `files` are the paths that are its own:
      # files = ["src/search/**", { path = "src/new.ts", new = true }]
      # issues = [{ id = "ABC-1", title = "…", after = ["ABC-2"] }]

      """
    return example + streams.map(table).joined()
  }

  private func table(_ stream: Stream) -> String {
    guard let branch = String(validating: stream.branch, as: UTF8.self) else {
      return "\n# \(TOMLText.string(String(decoding: stream.branch, as: UTF8.self))) cannot be named here: not UTF-8\n"
    }
    var text = "\n[streams.\(TOMLText.key(stream.id))]\nname = \(TOMLText.string(stream.name))\n"
    text += "branch = \(TOMLText.string(branch))\n"
    if let directory = stream.directory { text += "dir = \(TOMLText.string(directory))\n" }
    return text + "files = []\nissues = []\n"
  }
}
