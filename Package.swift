// swift-tools-version: 6.1
import PackageDescription

/// The archives to link instead of the shared libgit2, as `install.sh` found them fit: `git2 mbedcrypto http_parser z`, say.
/// Only for `-static-executable`, which Linux alone has.
let archives = (Context.environment["PREFLIGHT_STATIC"] ?? "").split(separator: " ")

// The table of targets and of what each may know is in CONTRIBUTING.md; a target imports only those above it.
let libraries: [Target] = [
  .systemLibrary(
    name: "CLibgit2", pkgConfig: archives.isEmpty ? "libgit2" : nil,
    providers: [.apt(["libgit2-dev"]), .yum(["libgit2-devel"]), .brew(["libgit2"])]),
  .target(name: "CPlatform"),
  .target(name: "Platform", dependencies: ["CPlatform"]),
  .target(name: "CLibgit2Offline", linkerSettings: archives.map { .linkedLibrary(":lib\($0).a") }),
  .target(
    name: "Git", dependencies: ["CLibgit2", "Platform"] + (archives.isEmpty ? [] : ["CLibgit2Offline"])),
  .target(name: "StateFiles", dependencies: ["Platform", "Git"]),
  .target(name: "Plan"),
  .target(name: "PlanFile", dependencies: ["Plan", .product(name: "TOMLKit", package: "TOMLKit")]),
  .target(name: "Exports"),
  .target(name: "Merging", dependencies: ["Exports"]),
  .target(name: "ContentMerging", dependencies: ["Git", "Merging"]),
  .target(name: "Hive", dependencies: ["Platform", "Git", "StateFiles"]),
  .target(name: "Policies", dependencies: ["Platform", "Git", "Plan", "Merging"]),
  .target(name: "Rules", dependencies: ["Platform", "Git", "Plan", "Exports", "Merging"]),
  .target(
    name: "Sync",
    dependencies: ["Platform", "Git", "StateFiles", "Plan", "Merging", "ContentMerging", "Policies"]),
  .target(name: "Checks", dependencies: ["Platform", "Git", "Plan"]),
  .target(name: "Worktrees", dependencies: ["Platform", "Git", "StateFiles", "Plan", "Sync", "Checks"]),
  .target(name: "Outbox", dependencies: ["Platform", "Git", "Plan", "Checks"]),
  .target(name: "Reporting", dependencies: ["Platform", "Git"]),
  .target(name: "FindingReports", dependencies: ["Git", "Hive", "Rules", "Reporting"]),
  .target(
    name: "WorkReports",
    dependencies: ["Platform", "Git", "StateFiles", "Merging", "Rules", "Sync", "Checks", "Outbox", "Reporting"]),
  .target(
    name: "Inspection",
    dependencies: [
      "Platform", "Git", "StateFiles", "Plan", "Exports", "Merging", "ContentMerging", "Hive", "Policies", "Rules",
    ]),
  .target(
    name: "Landing",
    dependencies: [
      "Platform", "Git", "StateFiles", "Plan", "Hive", "Rules", "Sync", "Checks", "Worktrees", "Outbox", "Inspection",
    ]),
  .target(name: "HookIdentity", dependencies: ["Platform"]),
  .target(name: "Installation", dependencies: ["Platform", "Git", "Plan", "Policies", "HookIdentity"]),
  .target(name: "Demo", dependencies: ["Platform", "Git", "Rules", "Reporting"]),
  .target(name: "HookSupport", dependencies: ["Platform", "Git", "StateFiles", "Reporting", "HookIdentity"]),
  .target(
    name: "HookRules",
    dependencies: [
      "Platform", "Git", "StateFiles", "Plan", "Merging", "Policies", "Hive", "Rules", "Reporting", "FindingReports",
      "Inspection", "HookIdentity", "HookSupport",
    ]),
]

/// Hooks carry neither ArgumentParser nor TOMLKit nor Foundation: their start-up is what a commit costs.
let hooks: [Target] =
  ["pre-commit", "commit-msg", "pre-push"].map {
    .executableTarget(name: $0, dependencies: ["HookSupport", "HookRules", "Inspection"])
  }
  + ["post-merge", "post-rewrite", "post-commit"].map { .executableTarget(name: $0, dependencies: ["HookSupport"]) }

/// What git runs to merge a shared file: as light, for it is run for every one.
let mergeDriver: Target = .executableTarget(name: "preflight-merge", dependencies: ["HookRules"])

let command: Target = .executableTarget(
  name: "preflight",
  dependencies: [
    "Platform", "Git", "StateFiles", "Plan", "PlanFile", "Exports", "Policies", "Hive", "Rules", "Sync", "Checks",
    "Outbox", "Landing", "Reporting", "FindingReports", "WorkReports", "Inspection", "HookIdentity", "Installation",
    "HookSupport",
    "HookRules", "Demo", "Worktrees",
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
  ])

let tests: [Target] = [
  // Temporary repositories with the real git, in a sealed environment.
  .target(name: "TestSupport", dependencies: ["Platform", "Git"], path: "Tests/TestSupport"),
  .testTarget(name: "PlatformTests", dependencies: ["Platform", "TestSupport"]),
  .testTarget(name: "GitTests", dependencies: ["Git", "TestSupport"]),
  .testTarget(name: "PlanTests", dependencies: ["Plan", "TestSupport"]),
  .testTarget(name: "PlanFileTests", dependencies: ["PlanFile", "TestSupport"], exclude: ["Fixtures"]),
  .testTarget(name: "ExportsTests", dependencies: ["Exports", "TestSupport"]),
  .testTarget(name: "MergingTests", dependencies: ["Merging", "Exports", "TestSupport"]),
  .testTarget(name: "HiveTests", dependencies: ["Hive", "TestSupport"]),
  .testTarget(name: "PoliciesTests", dependencies: ["Policies", "TestSupport"]),
  .testTarget(name: "RulesTests", dependencies: ["Platform", "Rules", "TestSupport"]),
  .testTarget(
    name: "DifferentialTests", dependencies: ["Git", "Merging", "ContentMerging", "Platform", "Sync", "TestSupport"]),
  .testTarget(
    name: "SyncTests", dependencies: ["StateFiles", "Merging", "ContentMerging", "Policies", "Sync", "TestSupport"]),
  .testTarget(name: "ChecksTests", dependencies: ["Checks", "TestSupport"]),
  .testTarget(name: "WorktreesTests", dependencies: ["StateFiles", "Worktrees", "TestSupport"]),
  .testTarget(name: "ReportingTests", dependencies: ["Reporting", "FindingReports", "WorkReports", "TestSupport"]),
  .testTarget(name: "InspectionTests", dependencies: ["StateFiles", "Inspection", "PlanFile", "Sync", "TestSupport"]),
  .testTarget(name: "InstallationTests", dependencies: ["HookIdentity", "Installation", "Policies", "TestSupport"]),
  .testTarget(
    name: "DemoTests",
    dependencies: ["Demo", "Platform", "PlanFile", "Reporting", "FindingReports", "Rules", "TestSupport"]),
  .testTarget(name: "OutboxTests", dependencies: ["Outbox", "TestSupport"]),
  .testTarget(
    name: "LandingTests",
    dependencies: [
      "Git", "StateFiles", "Hive", "Inspection", "Landing", "Outbox", "Plan", "PlanFile", "Platform", "Sync",
      "TestSupport",
    ]),
  .testTarget(name: "CommandTests", dependencies: ["Platform", "Git", "TestSupport"]),
  .testTarget(
    name: "ReadmeTests",
    dependencies: ["Platform", "Plan", "PlanFile", "Rules", "HookIdentity", "Installation", "TestSupport"],
    exclude: ["shop.sh"]),
  .testTarget(
    name: "HookTests",
    dependencies: [
      "Platform", "Git", "StateFiles", "Plan", "Policies", "Sync", "Installation", "HookSupport", "HookRules",
      "TestSupport",
    ]),
]

let package = Package(
  name: "preflight",
  platforms: [.macOS(.v13)],
  products: [.executable(name: "preflight", targets: ["preflight"])]
    + (hooks + [mergeDriver]).map { .executable(name: $0.name, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
  ],
  targets: libraries + hooks + [mergeDriver, command] + tests,
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
