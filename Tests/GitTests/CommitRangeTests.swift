import Git
import Platform
import TestSupport
import Testing

@Suite("Ranges of commits")
struct CommitRangeTests {
  /// Commits named by marks from 1 on, each with parents before it: roots, lines, merges, octopuses.
  private struct History {
    var parents: [[Int]] = []
    var dates: [Int] = []

    init(count: Int, isOrdered: Bool, using generator: inout SeededGenerator) {
      for mark in 1...count {
        let isRoot = mark == 1 || Int.random(in: 0..<12, using: &generator) == 0
        let wanted = isRoot ? 0 : [1, 1, 1, 2, 2, 3].randomElement(using: &generator)!
        var chosen: [Int] = []
        for _ in 0..<wanted {
          let parent = Int.random(in: max(1, mark - 6)..<mark, using: &generator)
          if !chosen.contains(parent) { chosen.append(parent) }
        }
        parents.append(chosen)
        dates.append(isOrdered ? mark * 10 : Int.random(in: 1..<50, using: &generator))
      }
    }

    /// For git-fast-import(1); the branches are c1, c2 and so on.
    var stream: String {
      parents.indices.map { index in
        "commit refs/heads/c\(index + 1)\nmark :\(index + 1)\n"
          + "committer A <a@b> \(1_700_000_000 + dates[index]) +0000\ndata \("\(index)".count)\n\(index)\n"
          + parents[index].enumerated().map { $0 == 0 ? "from :\($1)\n" : "merge :\($1)\n" }.joined() + "\n"
      }.joined()
    }

    func reached(from marks: [Int]) -> Set<Int> {
      var result: Set<Int> = []
      var pending = marks
      while let mark = pending.popLast() { if result.insert(mark).inserted { pending += parents[mark - 1] } }
      return result
    }
  }

  @Test(
    "What a tip reaches and others do not is what git says, in its order; where dates lie, it is right all the same")
  func walking() throws {
    var generator = SeededGenerator.announced()
    for round in 0..<30 {
      let isOrdered = round % 2 == 0
      let history = History(count: 28, isOrdered: isOrdered, using: &generator)
      let repository = try TestRepository()
      try repository.git(["fast-import", "--quiet"], input: Array(history.stream.utf8))
      let ids = try repository.git(["for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads/c*"])
      let names = Dictionary(
        uniqueKeysWithValues: ids.split(separator: "\n").map {
          (Int($0.split(separator: " ")[1].dropFirst())!, ObjectID(hex: String($0.prefix(40)))!)
        })
      let opened = try repository.open()
      for _ in 0..<4 {
        let tip = Int.random(in: 15...28, using: &generator)
        let excluded = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          Int.random(in: 1...28, using: &generator)
        }
        var visited: Set<ObjectID> = []
        let range = try opened.commitRange(
          reachableFrom: names[tip]!, excluding: excluded.map { names[$0]! }, visit: { visited.insert($0.id) })
        let expected = history.reached(from: [tip]).subtracting(history.reached(from: excluded))
        #expect(Set(range.ids) == Set(expected.map { names[$0]! }), "\(history) \(tip) ^\(excluded)")
        #expect(range.ids.count == expected.count)
        #expect(visited.isSuperset(of: range.ids))
        let outside = Set(expected.flatMap { history.parents[$0 - 1] }).subtracting(expected)
        #expect(range.boundary.map(Set.init) == Set(outside.map { names[$0]! }))
        for mark in expected {
          for parent in history.parents[mark - 1] where expected.contains(parent) {
            let places = [mark, parent].map { range.ids.firstIndex(of: names[$0]!)! }
            #expect(places[0] < places[1], "a parent comes before its child")
          }
        }
        if isOrdered {
          let lines = try repository.git(
            ["rev-list", "--topo-order", "\(names[tip]!)"] + excluded.map { "^\(names[$0]!)" })
          #expect(lines.split(separator: "\n").map { "\($0)" } == range.ids.map(\.description), "\(history)")
        }
      }
    }
  }

  @Test("The place where a range left trunk is the one that git names, whatever the range shows of it")
  func mergeBases() throws {
    var generator = SeededGenerator.announced()
    for _ in 0..<10 {
      let history = History(count: 20, isOrdered: true, using: &generator)
      let repository = try TestRepository()
      try repository.git(["fast-import", "--quiet"], input: Array(history.stream.utf8))
      for _ in 0..<6 {
        let opened = try repository.open()
        let marks = (0..<3).map { _ in Int.random(in: 1...20, using: &generator) }
        let (tip, trunk) = try (repository.tip("c\(marks[0])"), repository.tip("c\(marks[1])"))
        for excluded in try [[], [trunk], [repository.tip("c\(marks[2])")], [trunk, repository.tip("c\(marks[2])")]] {
          let range = try opened.commitRange(reachableFrom: tip, excluding: excluded)
          let base = try opened.mergeBase(tip, trunk, endOf: range, excluding: excluded)
          let known = try repository.attempt("git", ["merge-base", "--all", "\(tip)", "\(trunk)"])
          let all = known.standardOutput.split(separator: "\n").compactMap { ObjectID(hex: String($0)) }
          if case .found(let id) = base {
            #expect(all.contains(id))
          } else {
            #expect(all.isEmpty && base == .unrelated)
          }
        }
      }
    }
  }

  @Test("Where history is cut off, grafted or replaced, git walks")
  func others() throws {
    let repository = try TestRepository()
    let first = try repository.commit("one")
    for name in ["two", "three", "four"] { try repository.commit(name) }
    let shallow = try TestRepository(cloning: repository, options: ["--no-local", "--depth=2"])
    let cut = try shallow.open().commitRange(reachableFrom: shallow.tip("HEAD"), excluding: [])
    #expect(cut.ids == [try shallow.tip("HEAD"), try shallow.tip("HEAD~1")])
    #expect(cut.boundary == nil)
    try repository.git(["replace", "--graft", "HEAD~1", "\(first)"])
    let grafted = try repository.open().commitRange(reachableFrom: repository.tip("HEAD"), excluding: [first])
    #expect(grafted.ids.count == 2)
  }

  @Test("Through many commits that are excluded a commit-graph shows git the way")
  func commitGraph() throws {
    let repository = try TestRepository()
    try repository.commit("start")
    try repository.git(["branch", "topic"])
    let base = try repository.tip("HEAD")
    let stream = (0..<2_500).map {
      "commit refs/heads/main\ncommitter A <a@b> \(1_800_000_000 + $0) +0000\ndata 2\nx\n"
        + ($0 == 0 ? "from \(base)\n" : "") + "\n"
    }
    try repository.git(["fast-import", "--quiet"], input: Array(stream.joined().utf8))
    let place = try repository.addWorktree("topic", branch: "work", from: "topic")
    try repository.git(["repack", "-adq"])
    let tip = try repository.commit("mine", in: place)
    let trunk = try repository.tip("main")
    let walked = try repository.open().commitRange(reachableFrom: tip, excluding: [trunk])
    #expect(walked.ids == [tip])
    #expect(walked.boundary == [base])
    try repository.git(["commit-graph", "write", "--reachable"])
    var visited: [ObjectID] = []
    let range = try repository.open().commitRange(reachableFrom: tip, excluding: [trunk]) { visited.append($0.id) }
    #expect(range.ids == [tip])
    #expect(range.boundary == nil)
    #expect(Set(visited) == [tip])
  }

  @Test("A tag of a commit is excluded as the commit is, one of a file excludes nothing")
  func tags() throws {
    let repository = try TestRepository()
    try repository.commit("one", ["f": "1\n"])
    try repository.git(["tag", "-a", "-m", "note", "heavy"])
    try repository.git(["tag", "-a", "-m", "note", "file", "HEAD:f"])
    let tip = try repository.commit("two")
    let tags = try ["heavy", "file"].map { ObjectID(hex: try repository.git(["rev-parse", $0]))! }
    let range = try repository.open().commitRange(reachableFrom: tip, excluding: tags)
    #expect(range.ids == [tip])
  }
}
