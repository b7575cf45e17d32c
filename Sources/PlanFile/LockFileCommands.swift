extension StarterPlan {
  /// The command that makes a lock file anew from its manifest without touching anything else, where there is one.
  ///
  /// Only for one at the top of the repository: commands run there.
  public static func regeneration(ofLockFile path: [UInt8]) -> [String]? {
    regenerations[String(decoding: path, as: UTF8.self)]
  }

  private static let regenerations = [
    "package-lock.json": ["npm", "install", "--package-lock-only"],
    "pnpm-lock.yaml": ["pnpm", "install", "--lockfile-only"],
    "bun.lock": ["bun", "install", "--lockfile-only"],
    "Cargo.lock": ["cargo", "update", "--workspace"],
    "poetry.lock": ["poetry", "lock"],
    "uv.lock": ["uv", "lock"],
    "pdm.lock": ["pdm", "lock"],
    "Pipfile.lock": ["pipenv", "lock"],
    "Gemfile.lock": ["bundle", "lock"],
    "composer.lock": ["composer", "update", "--lock"],
    "go.sum": ["go", "mod", "tidy"],
    "Package.resolved": ["swift", "package", "resolve"],
    "flake.lock": ["nix", "flake", "lock"],
  ]
}
