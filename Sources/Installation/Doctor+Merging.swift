import Git
import HookIdentity
import Plan
import Platform
import Policies

extension Doctor {
  /// Whether git calls our merge driver for the plan's shared files, and it merges.
  func examineMerging(plan: PlanReading, _ result: inout Diagnosis) throws(GitError) {
    // Another installation's is not ours to prove, and is said already.
    guard try repository.configuration()[programKey] == executables.program.description else { return }
    let command = DriverCommand.text(executables.mergeDriver)
    guard try repository.configuration()[DriverCommand.key] == command else {
      result.faults.append(
        Fault(
          .driverMissing, "\(DriverCommand.key) is not this installation's: shared files merge as text",
          repair: "preflight install"))
      return
    }
    if case .read(let plan, let blob?) = plan, let difference = try difference(from: plan, blob) {
      result.faults.append(Fault(.driverOutdated, difference, repair: "preflight install"))
    }
    if let reason = try MergeTrial(repository, environment: environment).failure(of: command) {
      result.faults.append(
        Fault(
          .driverFails, "a trial merge by '\(executables.mergeDriver)' failed: \(reason)", repair: "preflight install"))
    }
  }

  /// What the registered lines say otherwise than the plan.
  private func difference(from plan: Plan, _ blob: ObjectID) throws(GitError) -> String? {
    let registration = DriverRegistration(repository)
    let present: [DriverBlock.Line]
    let wanted: [DriverBlock.Line]
    do throws(InstallationError) {
      present = try registration.present()?.lines ?? []
      wanted = try registration.wanted(plan, blob: blob).lines
    } catch {
      if case .git(let error) = error { throw error }
      return "'\(DriverAttributes.file(in: repository.layout))' cannot be read: \(error)"
    }
    if present == wanted { return nil }
    let missing = wanted.filter { !present.contains($0) }.map { "'\($0.pattern)' is missing" }
    let left = present.filter { !wanted.contains($0) }.map { "'\($0.pattern)' is left over" }
    let shown = (missing + left).prefix(3).joined(separator: ", ")
    return "the shared files that git has merged by policy are not the plan's" + (shown.isEmpty ? "" : ": \(shown)")
  }
}

/// A merge by the real git in a repository of its own, where lines alone would conflict.
private struct MergeTrial {
  private let repository: Repository
  private let environment: Environment

  init(_ repository: Repository, environment: Environment) {
    self.repository = repository
    self.environment = environment
  }

  private static let plan = "[[shared]]\npaths = [\"index.ts\"]\nmerge = \"barrel\"\n"
  private static let versions = [
    "// export * from './a.js'\n// export * from './b.js'\n", "export * from './a.js'\n// export * from './b.js'\n",
    "// export * from './a.js'\nexport * from './b.js'\n",
  ]
  private static let merged = "export * from './a.js'\nexport * from './b.js'\n"

  /// Why it failed; `nil`: it did not.
  func failure(of command: String) throws(GitError) -> String? {
    let directory: FilePath
    do { directory = try FilePath.temporaryDirectory(prefix: "preflight-trial") } catch {
      throw GitError(.system(error))
    }
    defer { try? directory.removeRecursively() }
    let git = GitCommand(in: directory, environment: environment)
    try git.output(["init", "--quiet", "--template=", "--initial-branch=main"])
    let settings = [
      (DriverCommand.key, command), (programKey, try repository.configuration()[programKey] ?? ""),
      (TrunkNames.branchKey, "refs/heads/main"), ("user.name", "preflight"), ("user.email", "preflight@localhost"),
      ("commit.gpgSign", "false"), ("core.hooksPath", "/dev/null"), ("core.autocrlf", "false"),
    ]
    for (key, value) in settings { try git.output(["config", Argument(key), Argument(value)]) }
    let block = DriverBlock(plan: nil, lines: [.init("index.ts", "merge=\(DriverBlock.driver)")])
    do throws(SystemError) {
      try (directory / ".git/info").createDirectories()
      try (directory / ".git/info/attributes").write(block.written(into: []))
    } catch { throw GitError(.system(error)) }
    try git.output(["fast-import", "--quiet", "--done"], input: Self.history)
    try git.output(["checkout", "--quiet", "--force", "ours"])
    let result = try git.run(["merge", "--quiet", "--no-edit", "theirs"])
    let file = try? (directory / "index.ts").contents()
    if result.succeeded, file == Array(Self.merged.utf8) { return nil }
    let words = result.error.split(separator: UInt8(ascii: "\n")).last ?? []
    return words.isEmpty ? "the result is not what it should be" : String(decoding: words, as: UTF8.self)
  }

  /// `main` with a plan, and two branches that bring stubs on neighbouring lines to life; see git-fast-import(1).
  private static var history: [UInt8] {
    var stream = ""
    for (index, name) in ["main", "ours", "theirs"].enumerated() {
      stream += "commit refs/heads/\(name)\nmark :\(index + 1)\n"
      stream += "committer preflight <preflight@localhost> 0 +0000\ndata 0\n"
      if index > 0 { stream += "from :1\n" }
      for (path, text) in [("preflight.toml", plan), ("index.ts", versions[index])] {
        stream += "M 644 inline \(path)\ndata \(text.utf8.count)\n\(text)\n"
      }
    }
    return Array((stream + "done\n").utf8)
  }
}
