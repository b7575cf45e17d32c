import Platform

/// `path` as one word of a POSIX shell's command line: bare where nothing in it means anything to a shell.
func shellWord(_ path: FilePath) -> String { shellWord(path.description) }

func shellWord(_ text: String) -> String {
  let isPlain = !text.isEmpty && text.utf8.allSatisfy(plainBytes.contains)
  if isPlain { return text }
  var quoted = "'"
  for scalar in text.unicodeScalars {
    if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
  }
  return quoted + "'"
}

private let plainBytes = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-".utf8)
