import ArgumentParser

/// How a command says what it found.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case json
  case github
}
