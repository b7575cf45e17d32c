/// What a hook says in one line when nothing is wrong: `preflight: 4 moved, ws3 conflicts (preflight status)`; `nil` when
/// there is nothing to say.
///
/// - Parameter command: what shows more.
public func hookLine(_ parts: [DisplayText], see command: DisplayText? = nil) -> DisplayText? {
  guard !parts.isEmpty else { return nil }
  let line: DisplayText = "preflight: \(parts.joined(separator: ", "))"
  return command.map { "\(line) (\($0))" } ?? line
}
