import Git
import Platform

extension HiveRecord.Origin {
  /// Whoever works in this worktree now: the person whom git would name as committer, else the user's name on this
  /// machine.
  public init(_ repository: Repository, environment: Environment, time: Int64) throws(GitError) {
    let settings = try repository.configuration()
    func first(_ values: String?...) -> String {
      values.compactMap { $0 }.first { !$0.isEmpty } ?? ""
    }
    let name = first(
      environment["GIT_COMMITTER_NAME"], settings["committer.name"], settings["user.name"], environment["USER"],
      environment["LOGNAME"], "nobody")
    let mail = first(
      environment["GIT_COMMITTER_EMAIL"], settings["committer.email"], settings["user.email"], environment["EMAIL"])
    let worktree = try repository.layout.worktree()
    let place = repository.layout.workTree ?? repository.layout.commonDirectory
    self.init(
      person: Self.crudless(name) + Array(" <".utf8) + Self.crudless(mail) + Array(">".utf8), time: time,
      place: Array("\(CurrentProcess.hostName):".utf8) + place.bytes, branch: worktree?.branch?.shortBranchName,
      commit: try repository.headCommit())
  }

  /// Without what would end a name or a line in a commit's header.
  private static func crudless(_ text: String) -> [UInt8] {
    text.utf8.filter { $0 >= 0x20 && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
  }
}
