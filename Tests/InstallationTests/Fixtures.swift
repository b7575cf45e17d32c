import Installation
import Platform
import TestSupport

/// Stand-ins for the built executables, in the layout of an installation: each hook answers the canary as the real one
/// does, else writes down its name, arguments and standard input, and runs what is chained beside it.
func makeExecutables(below directory: FilePath, version: String = "1.0.0") throws -> ExecutableSet {
  let program = directory / "bin/preflight"
  try program.parent.createDirectories()
  try program.write(Array("#!/bin/sh\n".utf8), permissions: 0o755)
  for hook in HookName.allCases {
    let file = directory / "libexec/preflight/\(hook)"
    try file.parent.createDirectories()
    try file.write(Array(script(of: hook, version: version).utf8), permissions: 0o755)
  }
  return try ExecutableSet(locatedFrom: program.resolved())
}

private func script(of hook: HookName, version: String) -> String {
  """
  #!/bin/sh
  if [ -n "$PREFLIGHT_CANARY" ]; then
    echo "preflight \(hook) \(version)" >>"$PREFLIGHT_CANARY"
    exit \(Canary.exitStatus)
  fi
  own=
  case $1 in */hooks/*|hooks/*) own=$1; shift ;; esac
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

  var hooks: FilePath { path / ".git/hooks" }
}
