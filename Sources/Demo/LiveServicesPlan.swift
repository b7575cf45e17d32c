/// The plan of the Live Services hive.
///
/// Its checks run anywhere; all that other programs would be asked for (containers, trackers) is there to be read, and never
/// run by the story.
enum LiveServicesPlan {
  static let text = #"""
    # "Live Services": six streams, seventeen issues, the shared files.

    [project]
    name = "live-services"
    trunk = "main"
    remote = "origin"
    issue-prefix = ["SMI"]                # issues are SMI-<digits>

    [commits]                             # conventional commits; every key has a default, `preflight init` reads them off the history
    types = ["feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci", "chore", "revert"]
    scopes = []                           # empty: any scope
    require-scope = false
    subject-max = 100                     # code points, a trailing " (#123)" not counted
    body-max = 0                          # 0: not checked
    fix = true                            # commit-msg mends what has one reading ("Feat:x" becomes "feat: x") and says so

    [rules]                               # error | warn | off, by id or by prefix; the whole table of defaults is in the README
    "ownership" = "warn"
    "exports" = "error"

    [sync]
    mode = "rebase"                       # what hooks do when trunk moved: rebase | notify | off; `preflight sync` by hand always syncs
    streams = "all"                       # all: every branch in a worktree is a stream, planned or not; planned
    published = "rebase"                  # rebase | hold: branches that the remote has (a rebase ends with the exact push to type)
    quiet = "0s"                          # a worktree with a file written less than this ago is busy; 20s where people type: the demo
                                          # writes and commits within the second

    [worktree]
    dir = "../worktrees"                  # where `preflight up` puts new ones, relative to the main worktree
    link = [".env"]                       # linked from the main worktree
    setup = []                            # commands in a new worktree, e.g. ["docker", "compose", "up", "-d"]; `checkout = false` leaves files to setup
    remove = []                           # commands before one is removed

    # --- shared files: how they are guarded and merged; globs; the first that matches counts -----------------------------

    [[shared]]
    paths = ["packages/core/src/index.ts"]
    merge = "barrel"                      # barrel | changelog | manifest | submodule | regenerate | text
    stubs = "block"                       # block: a stream may rewrite the block that its stub opens
                                          # uncomment: it may only bring its own stubs to life · off: no rules on exports
    [[shared]]
    paths = ["package.json", "packages/*/package.json"]
    merge = "manifest"                    # versions = "higher" settles two bumps of one dependency; the default is a conflict

    [[shared]]
    paths = ["CHANGELOG.md", "packages/*/CHANGELOG.md"]
    merge = "changelog"

    [[shared]]
    paths = ["package-lock.json"]
    merge = "regenerate"
    run = ["npm", "install", "--package-lock-only"]

    # --- the project's commands: run only once trusted; {worktree} {stream} {branch} {base} are filled in -------------------

    [[checks]]                            # here commands that run anywhere; in the project each runs in its container
    name = "tests"
    run = ["sh", "-c", "test -s packages/core/src/index.ts"]
    when = ["preflight"]                  # preflight | pre-push | pre-commit
    lock = "docker"                       # one at a time across all worktrees of this machine
    timeout = "20m"

    [[checks]]
    name = "types"
    run = ["sh", "-c", "! git grep -nw any -- packages"]
    when = ["preflight"]
    lock = "docker"

    [[checks]]
    name = "lint"
    run = ["git", "diff", "--check", "{base}"]
    when = ["preflight"]
    paths = ["**/*.ts", "**/*.tsx"]       # skipped when the stream changed none of these

    [[checks]]
    name = "standards"
    run = ["grep", "-x", "# Changelog", "CHANGELOG.md"]
    when = ["preflight"]

    [[checks]]
    name = "dependencies"                 # the project's own `npm run preflight`, a check of package.json; not this tool
    run = ["grep", "supabase", "package.json"]
    when = ["preflight"]

    [[after-sync]]                        # queued when one of these paths changed under a worktree; run by `preflight sync --run` or by hand
    paths = ["package-lock.json"]
    run = ["npm", "install"]
    where = "main"                        # main: once, in the main worktree; each: in every worktree that changed

    [launch]
    run = ["claude", "{brief}"]           # {brief}: the text as one argument; {brief-file}: a file that holds it; the terminal stays the program's own

    [finish]
    run = ["gh", "pr", "create", "--fill", "--head", "{branch}"]

    [merge]
    run = ["gh", "pr", "merge", "--squash", "{branch}"]

    [notify]                              # one at a time, at least `interval` apart, again with back-off on failure
    committed = ["linear", "issues", "update", "{issue}", "-s", "In Progress"]
    pushed = ["linear", "issues", "update", "{issue}", "-s", "In Review"]
    merged = ["linear", "issues", "update", "{issue}", "-s", "Done"]
    interval = "150ms"                    # also: ready, blocked; {sha} {subject} {stream}
    retries = 5

    [hive]
    share = true                          # carry the hive's state over the remote

    # --- streams; `base = "ws3"` stacks one on another; `stubs = ["./x.js"]` names stubs that no comment claims -------------

    [streams.ws1]
    name = "CI/Testing"
    branch = "feature/live-services-ci-testing"
    dir = "live-svc-ci-testing"
    worker = "Tester + Coder"
    estimate = "4h-6h"
    files = [".github/workflows/ci.yml", "packages/core/tests/fixtures/api-responses.ts", "packages/cli/tests/e2e/*.test.ts", "packages/cli/tests/integration/*.test.ts"]
    issues = [
      { id = "SMI-1582", title = "Add fresh install CI test for CLI releases", priority = "P0" },
      { id = "SMI-1583", title = "Add partial API response mocks to test suite", priority = "P1" },
      { id = "SMI-1584", title = "Fix E2E tests with hardcoded path detection", priority = "P1" },
    ]

    [streams.ws2]
    name = "Security"
    branch = "feature/live-services-security"
    dir = "live-svc-security"
    worker = "Security Specialist"
    estimate = "3h-4h"
    files = ["packages/core/src/security/scanner.ts", ".github/workflows/security-scan.yml"]
    issues = [
      { id = "SMI-1454", title = "Security scanner outputs minimal refs", priority = "Medium" },
      { id = "SMI-1456", title = "Weekly automated security scan workflow", priority = "Medium", after = ["SMI-1454"] },
      { id = "SMI-1457", title = "Create Security project for quarantine tracking", priority = "Medium", after = ["SMI-1456"], external = true },
    ]

    [streams.ws3]
    name = "Database"
    branch = "feature/live-services-database"
    dir = "live-svc-database"
    worker = "Database Specialist"
    estimate = "5h-7h"
    files = ["packages/core/src/database/schema.ts", "packages/core/src/database/migration.ts", "packages/cli/src/commands/db-merge.ts", "packages/cli/src/commands/db-sync.ts"]
    issues = [
      { id = "SMI-1446", title = "Database schema version mismatch blocks imports", priority = "Medium" },
      { id = "SMI-1448", title = "Create database merge tooling", priority = "Medium", after = ["SMI-1446"] },
      { id = "SMI-1452", title = "Sync local database with Supabase production", priority = "Medium", after = ["SMI-1448"] },
    ]

    [streams.ws4]
    name = "CLI/DevOps"
    branch = "feature/live-services-cli-devops"
    dir = "live-svc-cli-devops"
    worker = "DevOps Specialist"
    estimate = "3h-4h"
    files = ["Dockerfile", "packages/cli/src/import.ts", "packages/cli/src/commands/merge.ts", ".github/workflows/*.yml"]
    issues = [
      { id = "SMI-1449", title = "Add sqlite3 CLI to Docker container", priority = "Low" },
      { id = "SMI-1450", title = "Fix duplicate console output in import script", priority = "Low" },
      { id = "SMI-1455", title = "Create CLI command for safe skill merging", priority = "Low", after = ["SMI-1448"] },
      { id = "SMI-1556", title = "Upgrade Supabase CLI", priority = "Low" },
    ]

    [streams.ws5]
    name = "API/Monitoring"
    branch = "feature/live-services-api-monitoring"
    dir = "live-svc-api-monitoring"
    worker = "Backend Developer"
    estimate = "3h-4h"
    files = ["supabase/functions/health/index.ts", "packages/core/src/monitoring/rate-limiter.ts", "supabase/functions/_shared/monitoring.ts"]
    issues = [
      { id = "SMI-1447", title = "Add live API health verification endpoint", priority = "Medium" },
      { id = "SMI-1453", title = "Add rate limit monitoring and alerting", priority = "Medium", after = ["SMI-1447"] },
    ]

    [streams.ws6]
    name = "Documentation"
    branch = "feature/live-services-docs"
    dir = "live-svc-docs"
    worker = "Documenter"
    estimate = "2h-3h"
    files = ["docs/architecture/github-app-auth.md", "docs/architecture/versioning-policy.md", "docs/adr/index.md", "CONTRIBUTING.md"]
    issues = [
      { id = "SMI-1451", title = "Document GitHub App authentication flow", priority = "Medium" },
      { id = "SMI-1585", title = "Document version governance policy", priority = "P2" },
    ]


    """#
}
