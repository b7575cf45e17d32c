import Foundation
import Git
import Platform
import TestSupport
import Testing

@testable import Sync

/// Somebody, or some agent, that saves files without a pause, in place and by rename, and remembers what it has saved last.
private final class Writer: @unchecked Sendable {
  private let lock = NSLock()
  private var isStopped = false
  private var last: [String: String] = [:]
  private let thread: Thread
  private let ended = DispatchSemaphore(value: 0)

  init(_ place: FilePath, _ files: [String]) {
    nonisolated(unsafe) var body: () -> Void = {}
    thread = Thread { body() }
    body = { [self] in
      var number = 0
      while !lock.withLock({ isStopped }) {
        number += 1
        let file = files[number % files.count]
        let contents = "\(file) \(number)\n"
        if number % 2 == 0 {
          try? (place / file).write(Array(contents.utf8))
        } else {
          FileManager.default.createFile(atPath: (place / file).description, contents: Data(contents.utf8))
        }
        lock.withLock { last[file] = contents }
        Clock.sleep(seconds: 0.0005)
      }
      ended.signal()
    }
    thread.start()
  }

  /// What each file holds now.
  func stop() -> [String: String] {
    lock.withLock { isStopped = true }
    ended.wait()
    return last
  }
}

@Suite("A real desk")
struct RealDeskTests {
  @Test("Everything on it survives while trunk moves again and again under a writer who saves without a pause")
  func desk() throws {
    let hive = try Hive()
    hive.plan.sync.quiet = 0
    let repository = hive.repository
    try repository.git(["config", "extensions.worktreeConfig", "true"])
    let library = try TestRepository(cloning: repository, name: "library")
    try library.commit("feat: newer")
    try repository.git([
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Argument(library.path), "lib",
    ])
    try repository.commit(
      "feat: desk",
      [
        ".gitattributes": "*.secret filter=lock\n", "settings.ini": "default\n", "a.secret": "one\n",
        "code.txt": "1\n2\n3\n4\n5\n", "saved.txt": "s\n",
        ".gitignore": "node_modules\n*.log\n",
      ])
    let place = try hive.add("ws1")
    // The key is this worktree's: git has to write its files, and nobody else.
    for (name, value) in [
      "filter.lock.smudge": "sed s/^/KEY-1:/", "filter.lock.clean": "sed s/^KEY-1://", "filter.lock.required": "true",
    ] { try repository.git(["config", "--worktree", Argument(name), Argument(value)], in: place) }
    try (place / "a.secret").remove()
    try repository.git(["checkout", "--quiet", "--", "a.secret"], in: place)

    try repository.git(["update-index", "--skip-worktree", "settings.ini"], in: place)
    try repository.write("settings.ini", "mine\n", in: place)
    try (repository.surroundings / "modules").createDirectories()
    try (place / "node_modules").createLink(to: repository.surroundings / "modules")
    try (place / ".env").createLink(to: repository.surroundings / "env")
    try repository.git(
      ["-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init"], in: place)
    try repository.git(["checkout", "--quiet", "HEAD~1"], in: place / "lib")
    try repository.write("code.txt", "one\n2\n3\n4\nfive\n", in: place)
    let patch = "--- a/code.txt\n+++ b/code.txt\n@@ -1,2 +1,2 @@\n-1\n+one\n 2\n"
    try repository.git(["apply", "--cached"], in: place, input: Array(patch.utf8))
    func work() throws -> [String] {
      try [
        repository.git(["diff", "--cached"], in: place),
        repository.git(["diff", "--", ".", ":!saved.txt"], in: place),
        repository.git(["rev-parse", "HEAD"], in: place / "lib"), repository.read("settings.ini", in: place),
        "\((place / "node_modules").linkTarget()!) \((place / ".env").linkTarget()!)",  // two links made above
        repository.git(["ls-files", "-v", "settings.ini"], in: place),
      ]
    }
    let before = try work()

    let writer = Writer(place, ["saved.txt", "new.txt", "build.log"])
    for round in 1...8 {
      try repository.commit("feat: trunk \(round)", ["a.secret": "round \(round)\n", "trunk-\(round).txt": "t\n"])
      let report = try hive.sync()
      #expect(report.move("ws1") != nil, "\(report)")
    }
    let saved = writer.stop()

    #expect(try work() == before)
    for (file, contents) in saved { #expect(try repository.read(file, in: place) == contents) }
    #expect(try repository.read("a.secret", in: place) == "KEY-1:round 8\n")
    #expect(try repository.git(["diff", "--name-only", "--", "a.secret", "trunk-8.txt"], in: place) == "")
    #expect(try repository.tip("ws1") == repository.tip("main"))
    #expect(try !(hive.layout(place).gitDirectory / "index.lock").exists)
  }
}
