import Foundation
import Platform
import TestSupport
import Testing

@Suite("preflight doctor --checks")
struct DoctorChecksTests {
  private static let plan = """
    [project]
    trunk = "main"

    [worktree]
    dir = ".."

    [[checks]]
    name = "local"
    run = ["false"]

    [[checks]]
    name = "tests"
    run = ["docker", "exec", "-w", "/app/packages/core", "dev", "npm", "test"]
    lock = "docker"

    [[checks]]
    name = "own"
    run = ["docker", "compose", "--project-directory", "{worktree}", "exec", "-T", "dev", "npm", "test"]

    [streams.a]
    branch = "topic/a"
    dir = "tree a"

    """

  /// A docker whose container `dev` has one checkout mounted at `/app`, whoever asks; with `compose --project-directory` it
  /// is that directory. It keeps what it was asked.
  private func docker(_ mounted: FilePath, in repository: TestRepository) throws {
    let bin = repository.surroundings / "bin"
    try bin.createDirectories()
    let text = #"""
      #!/bin/sh
      printf '%s\n' "$*" >>'LOG'
      if [ "$1" = compose ]; then cd "$3" || exit; shift 6; else cd 'MOUNTED/packages/core' || exit; shift 4; fi
      [ "$1" != npm ] || exit 77
      echo 'a warning of docker'
      exec "$@"
      """#
      .replacingOccurrences(of: "LOG", with: "\(repository.surroundings)/log")
      .replacingOccurrences(of: "MOUNTED", with: mounted.description)
    try (bin / "docker").write(Array(text.utf8), permissions: 0o755)
    repository.environment["PATH"] = "\(bin):" + (repository.environment["PATH"] ?? "/usr/bin:/bin")
    repository.environment["PREFLIGHT_TRUST"] = "1"
  }

  private func repository() throws -> TestRepository {
    let repository = try TestRepository()
    try repository.commit("feat: start", ["preflight.toml": Self.plan, "packages/core/index.ts": "1\n"])
    try repository.git(["worktree", "add", "--quiet", "-b", "topic/a", Argument(repository.surroundings / "tree a")])
    return repository
  }

  @Test("A container that shows another checkout is found out, through the check's own words, and the check is not run")
  func elsewhere() throws {
    let repository = try repository()
    try docker(repository.path, in: repository)
    let place = repository.surroundings / "tree a"
    let outcome = try repository.preflight("doctor", "--checks", in: place)
    #expect(outcome.status == 1)
    let lines = outcome.standardOutput.split(separator: "\n").map(String.init)
    #expect(lines.count == 6, "\(outcome)")
    #expect(lines[1].hasPrefix("local  is started in this worktree"))
    #expect(lines[2].hasPrefix("tests  not this worktree, but \(repository.path)/packages/core"), "\(outcome)")
    #expect(lines[2].hasSuffix("docker exec"))
    #expect(lines[3].hasPrefix("own    this worktree"))
    #expect(lines[3].hasSuffix("docker compose exec"))
    #expect(lines[4].contains("[check-elsewhere]"))
    let log = try String(decoding: (repository.surroundings / "log").contents(), as: UTF8.self)
    #expect(!log.contains("npm"), "no check was run")
    #expect(log.contains("exec -w /app/packages/core dev sh -c "))
    #expect(try repository.git(["status", "--porcelain", "--ignored"], in: place) == "", "the word is gone")
  }

  @Test("Where the container has this worktree all is well, and JSON says the same")
  func here() throws {
    let repository = try repository()
    try docker(repository.path, in: repository)
    let outcome = try repository.preflight("doctor", "--checks", "--json")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(
      outcome.standardOutput
        == #"{"version":1,"checks":[{"check":"local","answer":"direct","wrapper":null,"detail":null},"#
        + #"{"check":"tests","answer":"proven","wrapper":"docker exec","detail":null},"#
        + #"{"check":"own","answer":"proven","wrapper":"docker compose exec","detail":null}]}"# + "\n")
  }

  @Test("A container that does not run, and commands that are not approved, are no proof")
  func notKnown() throws {
    let repository = try repository()
    try docker(repository.surroundings / "nowhere", in: repository)
    let outcome = try repository.preflight("doctor", "--checks")
    #expect(outcome.status == 1 && outcome.standardOutput.contains("tests  not known: exit status 2: "), "\(outcome)")
    let untrusted = try repository.preflight("doctor", "--checks", environment: ["PREFLIGHT_TRUST": ""])
    #expect(
      untrusted.status == 1 && untrusted.standardOutput.contains("tests  not asked: not approved"), "\(untrusted)")
    #expect(try repository.preflight("doctor", "--checks", "--timing").status == 64)
  }
}
