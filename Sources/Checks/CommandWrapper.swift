/// What stands before the program in a command that runs it somewhere else: `docker compose exec -T dev` of
/// `docker compose exec -T dev npm test`.
public struct CommandWrapper: Hashable, Sendable {
  /// Up to the program, which is left out.
  public let words: [String]
  /// `docker compose exec`, for people.
  public let name: String

  /// `nil` where the first word is the program itself, or a wrapper that is not known here.
  public init?(_ command: [String]) {
    var reader = Reader(command)
    var names: [String] = []
    // `env A=b timeout 9 docker exec …`: several may stand one before another.
    while let name = reader.takeWrapper() { names.append(name) }
    let elsewhere = names.filter { !Self.local.contains($0) }
    guard !elsewhere.isEmpty, !reader.rest.isEmpty else { return nil }
    words = reader.taken
    name = elsewhere.joined(separator: " ")
  }

  /// They run the program in the same place.
  private static let local: Set<String> = ["env", "nice", "nohup", "sudo", "time", "timeout"]
}

extension CommandWrapper {
  /// Walks along the words of a command.
  private struct Reader {
    private(set) var taken: [String] = []
    private(set) var rest: ArraySlice<String>

    init(_ command: [String]) { rest = command[...] }

    /// The name of the wrapper that comes next, which is then taken up to where its program begins; `nil` where none does.
    mutating func takeWrapper() -> String? {
      let start = self
      guard let first = take() else { return nil }
      let program = first.split(separator: "/").last.map(String.init) ?? first
      var name: String?
      switch program {
      case "docker", "podman", "nerdctl":
        takeOptions(withValues: ["-H", "--host", "-c", "--context", "--config", "-l", "--log-level", "--connection"])
        let verb = take()
        if verb == "compose" {
          name = takeCompose().map { "\(program) compose \($0)" }
        } else if verb == "container" {
          name = take().flatMap { takeContainer($0) }.map { "\(program) container \($0)" }
        } else {
          name = verb.flatMap { takeContainer($0) }.map { "\(program) \($0)" }
        }
      case "docker-compose", "podman-compose": name = takeCompose().map { "\(program) \($0)" }
      case "kubectl", "oc", "lxc", "incus", "distrobox", "distrobox-enter", "limactl":
        name = takeThrough(["--"]) ? program : nil
      case "nix", "nix-shell": name = takeThrough(["-c", "--command"]) ? program : nil
      case "devcontainer":
        takeOptions(withValues: [])
        if take() == "exec" {
          takeOptions(withValues: nil)
          name = "devcontainer exec"
        }
      case "env":
        takeOptions(withValues: ["-u", "--unset", "-C", "--chdir"])
        while let word = rest.first, word.contains("="), !word.hasPrefix("=") { _ = take() }
        name = program
      case "timeout":
        takeOptions(withValues: ["-k", "--kill-after", "-s", "--signal"])
        _ = take()
        name = program
      case "nice":
        takeOptions(withValues: ["-n", "--adjustment"])
        name = program
      case "sudo":
        takeOptions(withValues: ["-u", "--user", "-g", "--group", "-h", "--host"])
        name = program
      case "nohup", "time": name = program
      default: name = nil
      }
      if name == nil { self = start }
      return name
    }

    private mutating func take() -> String? {
      guard let word = rest.popFirst() else { return nil }
      taken.append(word)
      return word
    }

    /// - Parameter valued: the options whose value may be a word of its own; `nil`: all long ones.
    private mutating func takeOptions(withValues valued: Set<String>?) {
      while let word = rest.first, word.hasPrefix("-"), word != "-" {
        _ = take()
        if word == "--" { return }
        let takesValue = valued.map { $0.contains(word) } ?? (word.hasPrefix("--") && !word.contains("="))
        if takesValue { _ = take() }
      }
    }

    private mutating func takeThrough(_ marks: Set<String>) -> Bool {
      while let word = take() { if marks.contains(word) { return true } }
      return false
    }

    private mutating func takeCompose() -> String? {
      takeOptions(withValues: [
        "-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory", "--ansi",
        "--parallel",
        "--progress",
      ])
      return take().flatMap { takeContainer($0) }
    }

    /// `exec CONTAINER` or `run IMAGE`.
    private mutating func takeContainer(_ verb: String) -> String? {
      guard verb == "exec" || verb == "run" else { return nil }
      takeOptions(withValues: Self.containerOptions)
      return take() == nil ? nil : verb
    }

    private static let containerOptions: Set<String> = [
      "-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir", "--detach-keys", "--index", "-v", "--volume",
      "--name", "--network", "--net", "-p", "--publish", "--mount", "--entrypoint", "--platform", "-h", "--hostname",
      "-l",
      "--label", "-m", "--memory", "--cpus", "--gpus", "--add-host", "--cap-add", "--cap-drop", "--device", "--tmpfs",
      "--ulimit", "--shm-size", "--pull", "--restart", "--security-opt", "--ipc", "--pid", "--userns", "--log-driver",
      "--log-opt", "--dns", "--expose", "--link", "--group-add", "--cidfile", "--stop-signal", "--runtime",
    ]
  }
}
