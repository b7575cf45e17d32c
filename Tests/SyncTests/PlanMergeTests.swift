import Git
import Plan
import Platform
import Policies
import TestSupport
import Testing

@testable import ContentMerging
@testable import Sync

@Suite("What the plan makes of a file, in memory")
struct PlanMergeTests {
  private let stubs = "// export * from './a.js'\n// export * from './b.js'\n"
  private let repository: TestRepository

  init() throws {
    repository = try TestRepository()
    try repository.commit("feat: start", ["index.ts": stubs, "a.lock": "1\n", "free.ts": stubs])
    let block = DriverBlock(
      plan: nil, lines: [.init("index.ts", "merge=preflight"), .init("a.lock", "merge=preflight")])
    try repository.write(".git/info/attributes", String(decoding: block.written(into: []), as: UTF8.self))
  }

  private var plan: Plan {
    var plan = Plan()
    for (policy, path) in [(Plan.SharedFiles.MergePolicy.barrel, "*.ts"), (.regenerate, "a.lock")] {
      var files = Plan.SharedFiles()
      files.merge = policy
      files.paths = [Pattern(path)]
      plan.shared.append(files)
    }
    return plan
  }

  private func versions(_ path: String, ours: String, theirs: String) throws -> FileVersions {
    try repository.git(["checkout", "--quiet", "main"])
    let base = try repository.tip("main")
    let one = try repository.commit("feat: ours", [path: ours])
    try repository.git(["checkout", "--quiet", "\(base)"])
    let two = try repository.commit("feat: theirs", [path: theirs])
    let opened = try repository.open()
    func entry(_ commit: ObjectID) throws -> TreeEntry {
      try #require(try opened.entry(at: path.utf8, in: opened.commit(commit).tree))
    }
    return FileVersions(path: Array(path.utf8), base: try entry(base), ours: try entry(one), theirs: try entry(two))
  }

  private func merge() throws -> (PlanMerge, Repository) {
    let opened = try repository.open()
    let trunk = try opened.trunk(TrunkNames(branch: "main", remote: nil))
    return (PlanMerge(opened, plan: plan, trunk: trunk), opened)
  }

  private func alive(_ module: String) -> String {
    stubs.replacing("// export * from './\(module)", with: "export * from './\(module)")
  }

  @Test("A file that git hands to our driver is merged as the driver does, and reported once")
  func merged() throws {
    let file = try versions("index.ts", ours: alive("a"), theirs: alive("b"))
    let (merge, opened) = try merge()
    for _ in 0..<2 {
      guard case .resolved(let entry)? = try merge.verdict(file) else {
        Issue.record("not merged")
        return
      }
      #expect(try String(decoding: opened.blob(entry.id), as: UTF8.self) == stubs.replacing("// ", with: ""))
    }
    #expect(merge.takeMerged().map(\.file) == [PolicyMerge(path: Array("index.ts".utf8), policy: .barrel)])
    #expect(merge.takeMerged().isEmpty)
  }

  @Test("What the policy sees as a conflict is one; what git would not hand to our driver is git's")
  func others() throws {
    let (merge, _) = try merge()
    let conflict = try versions(
      "index.ts", ours: alive("a").replacing("a.js", with: "a.mjs"), theirs: alive("a").replacing("a.js", with: "a.cjs")
    )
    #expect(try merge.verdict(conflict) == .conflict)
    #expect(try merge.verdict(versions("free.ts", ours: alive("a"), theirs: alive("b"))) == nil)
  }

  @Test("A lock file takes trunk's, and the worktree is told")
  func lock() throws {
    let file = try versions("a.lock", ours: "2\n", theirs: "3\n")
    let (merge, opened) = try merge()
    #expect(try merge.verdict(file) == .resolved(file.ours))
    try opened.layout.note(merge.takeMerged())
    #expect(
      try OutdatedLocks(opened.layout).all() == [.init(path: Array("a.lock".utf8), taken: file.ours.id)])
    #expect(
      try MergeLog(of: opened.layout).take() == [PolicyMerge(path: Array("a.lock".utf8), policy: .regenerate)])
    #expect(try MergeLog(of: opened.layout).take().isEmpty)
  }
  /// A submodule with two commits in a row and one beside them, at `vendor`; their names.
  private func addSubmodule() throws -> [ObjectID] {
    let vendor = try TestRepository()
    var names = [try vendor.commit("feat: start", ["a": "1\n"])]
    names.append(try vendor.commit("feat: more", ["a": "2\n"]))
    names.append(try vendor.commit("feat: most", ["a": "3\n"]))
    try vendor.git(["checkout", "--quiet", "-b", "beside", "\(names[1])"])
    names.append(try vendor.commit("feat: beside", ["b": "1\n"]))
    try repository.git([
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Argument(vendor.path), "vendor",
    ])
    return names
  }

  private func pointers(_ ids: ObjectID...) throws -> FileVersions {
    let entries = ids.map { TreeEntry(mode: 0o160000, id: $0) }
    return FileVersions(path: Array("vendor".utf8), base: entries[0], ours: entries[1], theirs: entries[2])
  }

  @Test("Of two pointers the one that contains the other wins, whichever side has it")
  func pointersForward() throws {
    let names = try addSubmodule()
    let (merge, _) = try merge()
    let last = TreeEntry(mode: 0o160000, id: names[2])
    #expect(try merge.verdict(pointers(names[0], names[1], names[2])) == .resolved(last))
    #expect(try merge.verdict(pointers(names[0], names[2], names[1])) == .resolved(last))
    #expect(merge.takeMerged().map(\.file) == [PolicyMerge(path: Array("vendor".utf8), policy: .submodule)])
  }

  @Test("Pointers that part, and one that was put back on purpose, are left to git, which calls them a conflict")
  func pointersApart() throws {
    let names = try addSubmodule()
    let (merge, _) = try merge()
    #expect(try merge.verdict(pointers(names[0], names[2], names[3])) == nil)
    #expect(try merge.verdict(pointers(names[1], names[0], names[2])) == nil)
    #expect(try merge.verdict(pointers(names[1], names[2], names[0])) == nil)
    let unknown = try #require(ObjectID(hex: "1234567890123456789012345678901234567890"))
    #expect(try merge.verdict(pointers(names[0], names[1], unknown)) == nil)
    #expect(merge.takeMerged().isEmpty)
  }

  @Test("git merges pointers just so")
  func pointersOfGit() throws {
    let names = try addSubmodule()
    func commit(_ name: ObjectID) throws -> ObjectID {
      try repository.git(["update-index", "--cacheinfo", "160000,\(name),vendor"])
      return try repository.commit("feat: point there", [:])
    }
    for (base, ours, theirs) in [(0, 1, 2), (0, 2, 1), (0, 2, 3), (1, 0, 2), (1, 2, 0), (0, 3, 2)] {
      let start = try commit(names[base])
      let one = try commit(names[ours])
      try repository.git(["checkout", "--quiet", "\(start)"])
      let two = try commit(names[theirs])
      try repository.git(["checkout", "--quiet", "--detach", "\(one)"])
      let outcome = try repository.attempt("git", ["merge", "--quiet", "--no-edit", "\(two)"])
      let verdict = try merge().0.verdict(pointers(names[base], names[ours], names[theirs]))
      let what = "\(base) \(ours) \(theirs)\n\(outcome)"
      if case .resolved(let entry) = verdict {
        #expect(outcome.status == 0, "\(what)")
        #expect(try repository.git(["rev-parse", "HEAD:vendor"]).hasPrefix("\(entry.id)"), "\(what)")
      } else {
        #expect(outcome.status == 1, "\(what)")
      }
      try repository.git(["reset", "--quiet", "--hard"])
      try repository.git(["checkout", "--quiet", "main"])
    }
  }
}
