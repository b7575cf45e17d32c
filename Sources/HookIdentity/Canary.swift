import Platform

/// How doctor learns that a hook really fires: it has git run the hook with `PREFLIGHT_CANARY` set to the path of a file.
///
/// A hook executable that finds the variable adds one line to that file, does nothing else (no rule, no chained hook,
/// whatever `PREFLIGHT_DEPTH` says) and ends with `exitStatus`: not 0, so that another manager's script that calls us
/// stops there instead of running the project's own commands.
public enum Canary {
  public static let variable = "PREFLIGHT_CANARY"
  public static let exitStatus: Int32 = 3

  /// What a hook adds to the file.
  public static func line(_ hook: HookName, version: String) -> String { "preflight \(hook) \(version)\n" }

  /// The hook's side: answers and returns `true` when this process was started by a canary.
  public static func answer(_ hook: HookName, version: String, environment: Environment = .current) -> Bool {
    guard let file = environment[bytes: variable], !file.isEmpty else { return false }
    try? FilePath(file).append(Array(line(hook, version: version).utf8))  // a file that stays empty says it all
    return true
  }
}
