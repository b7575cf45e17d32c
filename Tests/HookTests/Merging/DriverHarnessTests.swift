import Git
import Installation
import Platform
import TestSupport
import Testing

/// What git's own tests try on a merge driver (t6406), besides what `MergeDriverTests` has.
@Suite("git and the merge driver agree on how to call, to fail and to be left out")
struct DriverHarnessTests {
  /// One on trunk, one in a stream.
  private func bringStubsToLife(in hive: MergeHive) throws {
    try hive.type("sed -i '/b.js/s|^// ||' src/index.ts && git commit -qam 'feat: b'")
    try hive.type("sed -i '/c.js/s|^// ||' src/index.ts && git commit -qam 'feat: c'", in: "one")
  }

  private let conflicting = { (ending: String) in
    "sed -i \"s|// export \\* from './b.js'|export * from './b.\(ending)'|\" src/index.ts && git commit -qam 'feat: \(ending)'"
  }

  @Test("Markers are as long as conflict-marker-size asks, and such a merge is no inner one (it was: nothing was said)")
  func longMarkers() throws {
    let hive = try MergeHive()
    try hive.type("echo '*.ts conflict-marker-size=32' >>.git/info/attributes")
    try hive.type(conflicting("mjs"))
    try hive.type(conflicting("cjs"), in: "one")
    #expect(try hive.outcome(of: "git merge main", in: "one").status == 1)
    let marker = { (sign: String) in String(repeating: sign, count: 32) }
    #expect(
      try hive.read("src/index.ts", in: "one") == """
        export * from './a.js'
        \(marker("<")) ours
        export * from './b.cjs'
        \(marker("="))
        export * from './b.mjs'
        \(marker(">")) theirs
        // export * from './c.js'

        """)
    try hive.type("git merge --abort && git reset --quiet --hard HEAD~1", in: "one")
    try hive.type("sed -i '/c.js/s|^// ||' src/index.ts && git commit -qam 'feat: c'", in: "one")
    let merged = try hive.outcome(of: "git merge --no-edit main", in: "one")
    #expect(merged.status == 0, "\(merged)")
    #expect(merged.standardError.contains("preflight: merged by policy barrel: src/index.ts\n"))
  }

  @Test("A lock file with long markers is noted to be made anew, too")
  func longMarkersOfLocks() throws {
    let hive = try MergeHive()
    try hive.type("echo '*.json conflict-marker-size=9' >>.git/info/attributes")
    try hive.type("echo b >package-lock.json && git commit -qam 'build: b'")
    try hive.type("echo c >package-lock.json && git commit -qam 'build: c' && git merge --no-edit main", in: "one")
    #expect(try hive.outcome(of: "preflight --no-commands", in: "one").findings(of: "lock.outdated").count == 1)
  }

  @Test("resolve knows git's markers by the length that the file asks for", arguments: [5, 32])
  func resolveLongMarkers(length: Int) throws {
    let hive = try MergeHive()
    try hive.type("echo '*.ts conflict-marker-size=\(length)' >>.git/info/attributes")
    try bringStubsToLife(in: hive)
    let plain = "git -c merge.preflight.driver='git merge-file --marker-size=%L %A %O %B' merge main"
    #expect(try hive.outcome(of: plain, in: "one").status == 1)
    #expect(try hive.read("src/index.ts", in: "one").contains("\n\(String(repeating: "=", count: length))\n"))
    let outcome = try hive.outcome(of: "preflight resolve", in: "one")
    #expect(outcome.standardOutput.hasPrefix("resolved by policy barrel: src/index.ts\n"), "\(outcome)")
  }

  @Test("A driver that a signal kills leaves a conflict with both sides, never our side alone", arguments: [9, 15])
  func killed(signal: Int) throws {
    let hive = try MergeHive()
    let driver = hive.repository.surroundings / "killed"
    try driver.write(Array("#!/bin/sh\nkill -\(signal) $$\n".utf8), permissions: 0o755)
    try hive.repository.git(["config", Argument(DriverCommand.key), Argument(DriverCommand.text(driver))])
    try hive.type(conflicting("mjs"))
    try hive.type(conflicting("cjs"), in: "one")
    #expect(try hive.outcome(of: "git merge main", in: "one").status == 1)
    let text = try hive.read("src/index.ts", in: "one")
    #expect(text.contains("<<<<<<< ours\nexport * from './b.cjs'\n"))
    #expect(text.contains("=======\nexport * from './b.mjs'\n"))
  }

  @Test("What attributes call binary is merged by nobody, and is said to conflict before")
  func binary() throws {
    let hive = try MergeHive()
    try hive.type("echo 'src/*.ts -merge' >>.git/info/attributes")
    try bringStubsToLife(in: hive)
    let predicted = try hive.outcome(of: "preflight conflicts", in: "one")
    #expect(predicted.status == 1, "\(predicted)")
    let synced = try hive.outcome(of: "preflight sync --no-fetch", in: "one")
    #expect(synced.status == 1, "\(synced)")
    #expect(try hive.read("src/index.ts", in: "one").contains("// export * from './b.js'\nexport * from './c.js'"))
    let rebased = try hive.outcome(of: "git rebase main", in: "one")
    #expect(rebased.status == 1, "\(rebased)")
  }

  @Test("The driver needs no lock of the index, and leaves the one that git holds")
  func locked() throws {
    let hive = try MergeHive()
    let lock = "\"$(git rev-parse --git-path index.lock)\""
    try hive.type("printf held >\(lock)", in: "one")
    for (name, text) in [
      ("o", "export * from './a'\n"), ("a", "export * from './b'\n"),
      ("b", "export * from './a'\nexport * from './c'\n"),
    ] {
      try hive.repository.write(name, text, in: hive.place("one"))
    }
    let outcome = try hive.outcome(of: "preflight-merge o a b 7 src/index.ts", in: "one")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try hive.read("a", in: "one") == "export * from './b'\nexport * from './c'\n")
    #expect(try hive.type("cat \(lock)", in: "one") == "held")
  }
}
