import Platform
import Reporting

/// The story of the Live Services hive: one scene for each thing that goes wrong between parallel worktrees, and for what
/// preflight makes of it.
public enum LiveServices {
  public static let scenes = [
    hive, goodCommit, badMessage, foreignStub, missingModule, staleSharedFile, push, merge, conflict, preflight,
  ]

  public static let epilogue: [DisplayText] = [
    "",
    "\("What to try next", .strong)",
    "  ./install.sh               in this checkout: puts preflight below ~/.local",
    "  preflight demo --keep      this again, and the hive stays for you to play in",
    "",
    "\("and in a repository of your own", .strong)",
    "  preflight init             writes a first preflight.toml from what is there",
    "  preflight try --last 100   what the rules would have said of your history",
    "  preflight install          arms all worktrees, present and future",
    "  preflight doctor           proves that the hooks fire in each of them",
  ]

  static let trunk: FilePath = "live-services"

  static func worktree(_ name: String) -> FilePath { "worktrees" / "live-svc-\(name)" }

  static let barrel: FilePath = "packages/core/src/index.ts"
}

// MARK: - The hive

extension LiveServices {
  static let hive = Scene(
    "The hive: six streams of one repository, each in a worktree", in: trunk,
    [
      Step(
        .type("git init --quiet --bare --initial-branch=main origin.git"),
        intention: "A repository with a bare origin.", in: "."),
      Step(.type("git init --quiet --initial-branch=main live-services"), in: "."),
      Step(.type("git config user.name Demo && git config user.email demo@example.com")),
      Step(.type("git remote add origin \"${PWD%/*}/origin.git\"")),
      Step(.create(LiveServicesFiles.all)),
      Step(
        .type("cat packages/core/src/index.ts"),
        intention: "All streams share this file; each has a stub that is reserved for it.",
        expecting: .pass("// export * from './database/migration.js'")),
      Step(.type("git add --all")),
      Step(.type("git commit --quiet -m \"chore: add export stubs for Live Services workstreams\"")),
      Step(.type("git push --quiet -u origin main")),
      Step(
        .type(
          """
          for stream in ci-testing security database cli-devops api-monitoring docs; do
            git worktree add --quiet ../worktrees/live-svc-$stream \\
              -b feature/live-services-$stream
          done
          """), intention: "Six worktrees, with git's own command."),
      Step(
        .type("preflight install"), intention: "One command arms them all, and those that are made later.",
        expecting: .pass("pre-commit", "preflight.trunk = refs/heads/main")),
      Step(.type("preflight doctor | tail -n 1"), expecting: .pass("the hooks fire in 7 worktrees")),
    ])
}

// MARK: - Commits

extension LiveServices {
  static let goodCommit = Scene(
    "A stream's good commit passes", in: worktree("database"),
    [
      Step(
        .create([
          .init(
            "packages/core/src/database/migration.ts",
            "export const migrate = (from: number, to: number) => `v${from} to v${to}`\n")
        ]),
        intention: "The Database stream (ws3) brings its own stub to life, with its module."),
      bringToLife("./database/migration.js"),
      Step(.type("git add --all")),
      Step(
        .type("git commit -m \"feat(db): migrate old schema versions (SMI-1446)\""),
        expecting: .pass("feat(db): migrate old schema versions")),
    ])

  static let badMessage = Scene(
    "A bad message is refused", in: worktree("docs"),
    [
      Step(
        .create([
          .init(
            "docs/architecture/github-app-auth.md",
            "# GitHub App authentication\n\nThe app signs a JWT and trades it for a token.\n")
        ]),
        intention: "The Documentation stream (ws6) gets the type of its commit wrong."),
      Step(.type("git add --all")),
      Step(
        .type("git commit -m \"doc: describe GitHub App authentication (SMI-1451)\""),
        expecting: .refusal(by: "message.type")),
      Step(
        .pasteHint, intention: "The hint is pasted, and passes.",
        expecting: .pass("docs: describe GitHub App authentication")),
    ])

  static let foreignStub = Scene(
    "Another stream's stub is refused", in: worktree("cli-devops"),
    [
      Step(
        .edit(
          file: "packages/cli/src/import.ts", from: "console.log('imported')\nconsole.log('imported')\n",
          to: "console.log('imported')\n"),
        intention: "CLI/DevOps (ws4) helps itself to the stub of API/Monitoring (ws5)."),
      bringToLife("./monitoring/index.js"),
      Step(.type("git add --all")),
      Step(
        .type("git commit -m \"fix(cli): log an import once (SMI-1450)\""), expecting: .refusal(by: "exports.foreign")),
      Step(.pasteHint, intention: "The hint is pasted: it leaves the shared file out of the commit."),
      Step(
        .type("git commit -m \"fix(cli): log an import once (SMI-1450)\""),
        expecting: .pass("fix(cli): log an import once")),
      Step(.type("git restore packages/core/src/index.ts"), intention: "The edit itself is dropped."),
    ])

  static let missingModule = Scene(
    "An export without its module is refused", in: worktree("security"),
    [
      Step(
        .create([.init("packages/core/src/security/scanner.ts", "export const scan = () => ['minimal', 'refs']\n")]),
        intention: "Security (ws2) brings its own stub to life, and forgets to add the new file."),
      bringToLife("./security/scanner.js"),
      Step(
        .type("git commit -a -m \"feat(security): output minimal refs (SMI-1454)\""),
        expecting: .refusal(by: "exports.missing-module")),
      Step(.pasteHint, intention: "The hint is pasted: it adds the file."),
      Step(
        .type("git commit -a -m \"feat(security): output minimal refs (SMI-1454)\""),
        expecting: .pass("create mode 100644 packages/core/src/security/scanner.ts")),
    ])

  static func bringToLife(_ module: String) -> Step {
    Step(.edit(file: barrel, from: "// export * from '\(module)'", to: "export * from '\(module)'"))
  }
}

// MARK: - Trunk moves

extension LiveServices {
  static let staleSharedFile = Scene(
    "A stale shared file that conflicts is refused", in: worktree("cli-devops"),
    [
      Step(
        .edit(file: "package.json", from: "\"supabase\": \"2.58.5\"", to: "\"supabase\": \"2.67.1\""),
        intention: "CLI/DevOps (ws4) upgrades the Supabase CLI, not committed yet."),
      Step(.edit(file: "Dockerfile", from: "FROM node:20\n", to: "FROM node:22\n")),
      Step(
        .edit(file: "package.json", from: "\"supabase\": \"2.58.5\"", to: "\"supabase\": \"2.62.10\""),
        intention: "Trunk upgrades it meanwhile, to another version; the clean worktrees follow.",
        in: trunk),
      Step(
        .type("git commit -a -m \"build: pin the Supabase CLI to 2.62.10\""), in: trunk,
        expecting: .pass("preflight: 5 moved")),
      Step(.type("git add --all"), intention: "ws4 commits its own, which could never be rebased onto trunk's."),
      Step(
        .type("git commit -m \"build: upgrade node and the Supabase CLI (SMI-1556)\""),
        expecting: .refusal(by: "shared.stale")),
      Step(.pasteHint, intention: "The hint is pasted: the rest can be committed."),
      Step(
        .type("git commit -m \"build: upgrade node (SMI-1556)\""), expecting: .pass("build: upgrade node (SMI-1556)")),
      Step(
        .type("git restore package.json"),
        intention: "The edit is dropped: trunk's version will do. Now ws4 can follow trunk, too."),
      Step(.type("preflight sync"), expecting: .pass("ws4", "moved from")),
    ])

  static let push = Scene(
    "A push is checked", in: worktree("cli-devops"),
    [
      Step(
        .create([
          .init("packages/cli/src/commands/merge.ts", "export const merge = (skills: string[]) => skills.sort()\n")
        ]),
        intention: "ws4's next issue, SMI-1455, waits for SMI-1448 of the Database stream."),
      Step(.type("git add --all")),
      Step(
        .type("git commit -m \"feat(cli): merge skills safely (SMI-1455)\""),
        expecting: .pass("feat(cli): merge skills safely")),
      Step(
        .type("git push origin feature/live-services-cli-devops"),
        intention: "That is worth a warning, and no reason to refuse.",
        expecting: .pass("SMI-1455 waits for SMI-1448", "[depends]", "[new branch]")),
    ])

  static let merge = Scene(
    "A stream merges, and the five others move", in: trunk,
    [
      Step(
        .type("git merge --ff-only feature/live-services-database"),
        intention: "The Database stream lands on main; the hook rebases the other worktrees.",
        expecting: .pass("Fast-forward", "preflight: 5 moved (preflight status)")),
      Step(
        .type("preflight status"), intention: "Nobody is behind, and SMI-1446 is done.",
        expecting: .pass("1/3", "ws6")),
    ])

  static let conflict = Scene(
    "A conflict is reported, and nothing is lost", in: trunk,
    [
      Step(
        .edit(
          file: ".github/workflows/ci.yml", from: "run: npm test\n",
          to: "run: npm ci --prefer-online && npm test\n"),
        intention: "ws1 and ws4 change the same line of a file that the plan gives to both.",
        in: worktree("ci-testing")),
      Step(
        .type("git commit -a -m \"ci: test a fresh install (SMI-1582)\""), in: worktree("ci-testing"),
        expecting: .pass("ci: test a fresh install")),
      Step(
        .edit(
          file: ".github/workflows/ci.yml", from: "run: npm test\n", to: "run: docker compose run dev npm test\n"),
        in: worktree("cli-devops")),
      Step(
        .type("git commit -a -m \"ci: test in the container (SMI-1449)\""), in: worktree("cli-devops"),
        expecting: .pass("ci: test in the container")),
      Step(
        .type("git merge --ff-only feature/live-services-ci-testing"),
        intention: "ws1 lands first. ws4 is left exactly as it was, and the others move.",
        expecting: .pass("4 moved", "ws4 conflicts", untouched: worktree("cli-devops"))),
      Step(
        .type("preflight sync"), intention: "The report ends with the command that starts the rebase for good.",
        expecting: Expectation(
          status: 1, output: ["conflicts in .github/workflows", "rebase --no-fork-point --onto"],
          untouched: worktree("cli-devops"))),
    ])

  static let preflight = Scene(
    "The pre-flight passes", in: worktree("security"),
    [
      Step(
        .type("preflight trust --yes"), intention: "The plan's commands run once a person has approved them.",
        expecting: .pass("approved on this machine")),
      Step(
        .type("preflight"), intention: "The last look before a merge: every rule, then the project's own checks.",
        expecting: .pass("rules", "tests", "dependencies")),
    ])
}
