import Platform

/// What is on trunk before the streams begin.
enum LiveServicesFiles {
  static let all: [Step.NewFile] = [
    .init("preflight.toml", LiveServicesPlan.text),
    .init(
      LiveServices.barrel,
      """
      export * from './registry.js'
      export { search } from './search.js'

      // Database (SMI-1446, SMI-1448, SMI-1452) - to be implemented
      // export * from './database/migration.js'

      // Security (SMI-1454, SMI-1456) - to be implemented
      // export * from './security/scanner.js'

      // Monitoring (SMI-1447, SMI-1453) - to be implemented
      // export * from './monitoring/index.js'

      """),
    .init("packages/core/src/registry.ts", "export const registry = new Map<string, string>()\n"),
    .init("packages/core/src/search.ts", "export const search = (term: string) => [term]\n"),
    .init("packages/core/src/database/schema.ts", "export const schemaVersion = 3\n"),
    .init("packages/core/src/monitoring/index.ts", "export * from './rate-limiter.js'\n"),
    .init("packages/core/src/monitoring/rate-limiter.ts", "export const limit = 60\n"),
    .init("packages/cli/src/import.ts", "console.log('imported')\nconsole.log('imported')\n"),
    .init(
      "package.json",
      """
      {
        "name": "live-services",
        "version": "1.0.0",
        "private": true,
        "devDependencies": {
          "supabase": "2.58.5",
          "typescript": "5.9.3"
        }
      }

      """),
    .init("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n"),
    .init("Dockerfile", "FROM node:20\nWORKDIR /app\n"),
    .init(
      ".github/workflows/ci.yml",
      """
      on: push
      jobs:
        test:
          runs-on: ubuntu-latest
          steps:
            - uses: actions/checkout@v5
            - run: npm test

      """),
    .init("docs/adr/index.md", "# Decisions\n"),
  ]
}
