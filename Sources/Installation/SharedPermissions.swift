/// The permissions of an executable file in a repository whose `core.sharedRepository` is `setting`; see git-config(1).
func hookPermissions(sharedRepository setting: String?) -> UInt32 {
  let usual: UInt32 = 0o755
  let readable: UInt32
  switch setting?.lowercased() {
  case nil, "umask", "false", "no", "off", "0": return usual
  case "group", "true", "yes", "on", "1", "": readable = usual | 0o660
  case "all", "world", "everybody", "2": readable = usual | 0o664
  case let digits?:
    guard digits.hasPrefix("0"), let exact = UInt32(digits, radix: 8), exact & 0o600 == 0o600 else { return usual }
    readable = exact & 0o666
  }
  return readable | (readable & 0o444) >> 2  // whoever may read it may run it, as git has it
}
