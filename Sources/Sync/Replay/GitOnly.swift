import Git
import Platform

/// Why a stream is rebased by git itself: a replay in memory could not promise the same outcome.
public enum GitOnlyReason: Hashable, Sendable {
  /// libgit2 cannot read the repository (SHA-256, reftable).
  case repositoryFormat
  /// Replacement refs or grafts: parents are not what commits say.
  case replacedHistory
  /// Merge commits in the stream.
  case mergeCommits
  /// `commit.gpgSign`.
  case signing
  /// A setting that changes what git writes: `commit.cleanup`, say.
  case setting(String)
  /// A hook that may refuse a rebase or change messages.
  case hook(String)
  /// No name or mail address is known for the committer.
  case identity
  /// A commit of the stream changes `.gitattributes`, which then count for the commits after it.
  case attributes
  /// A path whose merge the user has given to a program.
  case mergeDriver
  /// A commit in an encoding other than UTF-8, which git converts, or without an author, or with a NUL in it.
  case commitForm
  /// Attributes have a say in whether a commit is on trunk already.
  case comparison
}

/// Looks for what gives all rebases of a repository to git.
///
/// Hooks that run after the fact are no reason: `post-rewrite` runs after a replay, too; `post-commit` and `post-checkout` do
/// not, which git-rebase(1) calls an accident of its implementation.
struct GitOnlySettings {
  let repository: Repository

  func reason() throws(GitError) -> GitOnlyReason? {
    if repository.isReadByGit { return .repositoryFormat }
    let common = repository.layout.commonDirectory
    if (common / "refs/replace").exists || (common / "info/grafts").exists { return .replacedHistory }
    let configuration = try repository.configuration()
    if configuration.boolean("commit.gpgsign") ?? false { return .signing }
    if let key = try setting(in: configuration) { return .setting(key) }
    return hook(in: configuration).map { .hook($0) }
  }

  private func setting(in configuration: Configuration) throws(GitError) -> String? {
    if let cleanup = configuration["commit.cleanup"], cleanup != "verbatim" { return "commit.cleanup" }
    if let encoding = configuration["i18n.commitencoding"], !isUTF8(Array(encoding.utf8)) {
      return "i18n.commitEncoding"
    }
    // Objects and directories that libgit2 writes would not be the group's.
    if let shared = configuration["core.sharedrepository"], !["umask", "false", "0", ""].contains(shared) {
      return "core.sharedRepository"
    }
    // git merge-tree reads it since 2.41.
    let readsAttributesFile = GitVersion(major: 2, minor: 41)
    if configuration.isSet("core.attributesfile"), try repository.git.version() < readsAttributesFile {
      return "core.attributesFile"
    }
    return nil
  }

  /// By file, or (since git 2.54) by configuration.
  private func hook(in configuration: Configuration) -> String? {
    let names = ["pre-rebase", "prepare-commit-msg"]
    let directory = hooksDirectory(configuration)
    if let name = names.first(where: { (directory / $0).canBeExecuted }) { return name }
    return names.first { name in
      configuration.keys.contains {
        $0.hasPrefix("hook.") && $0.hasSuffix(".event") && configuration.all($0).contains(name)
      }
    }
  }

  private func hooksDirectory(_ configuration: Configuration) -> FilePath {
    let layout = repository.layout
    guard let named = configuration["core.hookspath"] else { return layout.commonDirectory / "hooks" }
    let top = layout.workTree ?? layout.gitDirectory
    if named.hasPrefix("~/"), let home = repository.home { return home / String(named.dropFirst(2)) }
    return top.appending(Array(named.utf8))
  }
}

/// As git compares the name of an encoding to its own.
func isUTF8(_ name: [UInt8]) -> Bool {
  ["utf-8", "utf8"].contains(String(decoding: name, as: UTF8.self).lowercased())
}
