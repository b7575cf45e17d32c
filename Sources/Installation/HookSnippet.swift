import HookIdentity
import Platform

/// What a person pastes so that another manager, or hooks that git tracks, start ours: one `preflight hook NAME` each.
public struct HookSnippet: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// Commands for a shell, to be run at the top of the worktree; a second run changes nothing.
    case commands
    /// Text for a configuration file.
    case configuration
  }

  public let kind: Kind
  /// The file or directory to paste into, from the top of the worktree where it is below it.
  public let place: FilePath
  public let text: String

  /// - Parameters:
  ///   - manager: who reads `place`; `nil`: git itself runs the files of a directory that is tracked.
  ///   - place: for husky and tracked directories the directory of the hooks as people write them.
  init(for manager: HookManager?, place: FilePath) {
    self.place = place
    switch manager {
    case .husky:
      kind = .commands
      text = Self.huskyCommands(place)
    case .earlyHusky, nil:
      kind = .commands
      text = Self.fileCommands(place)
    case .lefthook:
      kind = .configuration
      text = Self.lefthook
    case .preCommit, .prek:
      kind = .configuration
      text = place.lastComponent == "prek.toml" ? Self.prek : Self.preCommit
    }
  }

  /// The one line that everything here comes down to.
  public static func line(_ hook: HookName) -> String { "preflight hook \(hook) \"$@\"" }

  private static let names = HookName.allCases.map(\.rawValue).joined(separator: " ")

  /// husky starts `.husky/<hook>` with `sh -e`: neither a first line nor a mode counts. Ours comes first, because hooks
  /// after it may use up the standard input of pre-push.
  private static func huskyCommands(_ directory: FilePath) -> String {
    """
    for hook in \(names); do
      file=\(shellQuoted(directory))/$hook
      grep -qs "^preflight hook $hook" "$file" && continue
      { printf 'preflight hook %s "$@"\\n' "$hook"; [ ! -e "$file" ] || cat "$file"; } >"$file.new"
      cat "$file.new" >"$file"
      rm "$file.new"
    done

    """
  }

  /// Files that git runs itself: ours stands below the first line, which names the interpreter. A hook in another language
  /// than a shell's is left to people.
  private static func fileCommands(_ directory: FilePath) -> String {
    """
    mkdir -p \(shellQuoted(directory))
    for hook in \(names); do
      file=\(shellQuoted(directory))/$hook
      [ -e "$file" ] || printf '#!/bin/sh\\n' >"$file"
      grep -q "^preflight hook $hook" "$file" && continue
      case $(sed 1q "$file") in
        '#!'*sh*) ;;
        *) echo "$file is no shell script: let it run 'preflight hook $hook'" >&2; continue ;;
      esac
      { sed 1q "$file"; printf 'preflight hook %s "$@" || exit\\n' "$hook"; sed 1d "$file"; } >"$file.new"
      cat "$file.new" >"$file"
      rm "$file.new"
      chmod +x "$file"
    done

    """
  }

  /// lefthook gives a command its standard input only where it is asked to.
  private static var lefthook: String {
    HookName.allCases.map { hook in
      let input = hook == .prePush || hook == .postRewrite ? "\n      use_stdin: true" : ""
      return """
        \(hook):
          commands:
            preflight:
              priority: 1
              run: preflight hook \(hook) {0}\(input)

        """
    }.joined()
  }

  private static var preCommit: String {
    let entries = HookName.allCases.map { hook in
      """
            - id: preflight-\(hook)
              name: preflight \(hook)
              entry: preflight hook \(hook)
              language: system
              stages: [\(hook)]
              always_run: true
              pass_filenames: \(hook == .commitMsg)

      """
    }.joined()
    return """
      default_install_hook_types: [\(HookName.allCases.map(\.rawValue).joined(separator: ", "))]
      repos:
        - repo: local
          hooks:

      """ + entries
  }

  private static var prek: String {
    let names = HookName.allCases.map { "\"\($0)\"" }.joined(separator: ", ")
    let entries = HookName.allCases.map { hook in
      """
        { id = "preflight-\(hook)", name = "preflight \(hook)", entry = "preflight hook \(hook)", language = "system", \
      stages = ["\(hook)"], always_run = true, pass_filenames = \(hook == .commitMsg) },

      """
    }.joined()
    return """
      default_install_hook_types = [\(names)]
      [[repos]]
      repo = "local"
      hooks = [

      """ + entries + "]\n"
  }
}
