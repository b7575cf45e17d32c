import HookIdentity
import Installation
import Platform
import TestSupport

/// Stand-ins for the built executables, in the layout of an installation: each hook answers the canary as the real one
/// does, else writes down its name, arguments and standard input, and runs what is chained beside it.
func makeExecutables(below directory: FilePath, version: String = "1.0.0") throws -> ExecutableSet {
  let program = directory / "bin/preflight"
  try program.parent.createDirectories()
  let start = "#!/bin/sh\n[ \"$1\" = hook ] || exit 64\nname=$2\nshift 2\n"
  let run = "PREFLIGHT_MANAGED=1 exec \"${0%/*}/../libexec/preflight/$name\" \"$@\"\n"
  try program.write(Array((start + run).utf8), permissions: 0o755)
  for hook in HookName.allCases {
    let file = directory / "libexec/preflight/\(hook)"
    try file.parent.createDirectories()
    try file.write(Array(script(of: hook, version: version).utf8), permissions: 0o755)
  }
  try (directory / "libexec/preflight/preflight-merge").write(Array(mergeScript.utf8), permissions: 0o755)
  return try ExecutableSet(locatedFrom: program.resolved())
}

/// Merges anything by bringing every line of both sides to life, each once.
private let mergeScript = """
  #!/bin/sh
  [ -z "$PREFLIGHT_TEST_BROKEN_DRIVER" ] || exit 3
  cat "$2" "$3" | sed 's|^// ||' | awk '!seen[$0]++' >"$2.new" && cat "$2.new" >"$2" && rm "$2.new"

  """

private func script(of hook: HookName, version: String) -> String {
  """
  #!/bin/sh
  if [ -n "$PREFLIGHT_CANARY" ]; then
    echo "preflight \(hook) \(version)" >>"$PREFLIGHT_CANARY"
    exit \(Canary.exitStatus)
  fi
  own=
  if [ "${1##*/}" = \(hook) ]; then own=$1; shift; fi
  echo "\(hook) $PWD managed=$PREFLIGHT_MANAGED $*" >>"$HOME/fired"
  if [ \(hook) = commit-msg ] && grep -q '^bad' "$1"; then echo refused >&2; exit 1; fi
  if [ -n "$own" ] && [ -x "$own.preflight-chained" ]; then exec "$own.preflight-chained" "$@"; fi

  """
}

extension TestRepository {
  /// Every file and link below `directory`: its permissions and bytes, by its path from there.
  func snapshot(_ directory: FilePath) throws -> [String: String] {
    var result: [String: String] = [:]
    for name in try directory.entries() {
      let path = directory.appending(name.bytes)
      guard let status = try path.status() else { continue }
      if status.isDirectory {
        for (file, text) in try snapshot(path) { result["\(name)/\(file)"] = text }
      } else if let target = path.linkTarget() {
        result["\(name)"] = "-> \(target)"
      } else {
        let text = String(decoding: try path.contents(), as: UTF8.self)
        result["\(name)"] = String(status.permissions, radix: 8) + " " + text
      }
    }
    return result
  }

  /// Which stand-ins have run since the last question: their names and arguments, and where.
  func fired() throws -> [String] {
    let file = surroundings / "home/fired"
    let bytes = try file.contentsIfPresent() ?? []
    try file.remove()
    return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  func install(_ executables: ExecutableSet, in place: FilePath? = nil) throws -> Installer.Report {
    try Installer(open(in: place), executables: executables, environment: environment).install(plan: nil)
  }

  func uninstall(in place: FilePath? = nil) throws -> Uninstaller.Report {
    try Uninstaller(open(in: place), environment: environment).uninstall()
  }

  func examine(_ executables: ExecutableSet, plan: PlanReading = .absent, in place: FilePath? = nil) throws -> Diagnosis
  {
    try Doctor(open(in: place), executables: executables, version: "1.0.0", environment: environment)
      .examine(plan: plan)
  }

  func directory(of place: FilePath? = nil) throws -> HooksDirectory {
    try HooksDirectory(of: place ?? path, in: open().layout, environment: environment)
  }

  /// What husky 9 leaves: `core.hooksPath` relative, generated files that ignore themselves, and tracked scripts.
  func installHusky(tracked scripts: [String: String], in place: FilePath? = nil) throws {
    let top = place ?? path
    try write(".husky/_/.gitignore", "*", in: top)
    try write(".husky/_/h", huskyRunner, in: top)
    for hook in HookName.allCases {
      try write(".husky/_/\(hook)", "#!/usr/bin/env sh\n. \"$(dirname \"$0\")/h\"", in: top)
      try (top / ".husky/_/\(hook)").setPermissions(0o755)
    }
    for (name, text) in scripts { try write(".husky/\(name)", text, in: top) }
    try git(["config", "core.hooksPath", ".husky/_"])
  }

  var hooks: FilePath { path / ".git/hooks" }
}

/// What `.husky/_/h` of husky 9 does, in fewer words.
private let huskyRunner = """
  name=$(basename "$0")
  script=$(dirname "$(dirname "$0")")/$name
  [ ! -f "$script" ] && exit 0
  [ "${HUSKY-}" = "0" ] && exit 0
  sh -e "$script" "$@"
  code=$?
  [ $code != 0 ] && echo "husky - $name script failed (code $code)"
  exit $code

  """
