import Git
import Platform
import TestSupport

/// A repository of random histories: trunk, streams from different commits of it and from each other, merges in between.
///
/// The files are small and full of repeated lines, and what is done to them is what merges stumble over: renames of files
/// and directories, modes, links, files that become directories, line ends.
struct GeneratedHive {
  let repository: TestRepository
  private(set) var branches = ["main"]
  private var random: SeededGenerator
  private var stream = ""
  private var mark = 0
  /// Of each commit by its mark: path to mode and contents.
  private var trees: [Int: [String: Entry]] = [:]

  struct Entry: Equatable {
    var mode: String
    var text: String
  }

  init(seed: UInt64, streams: Int) throws {
    random = SeededGenerator(seed: seed)
    repository = try TestRepository()
    var trunk = [commit("main", onto: [], start())]
    for _ in 0..<2 { trunk.append(commit("main", onto: [trunk.last!], edited(trees[trunk.last!]!))) }
    var tips: [Int] = []
    for index in 0..<streams {
      let branch = "stream\(index)"
      branches.append(branch)
      var tip =
        !tips.isEmpty && random.next(below: 4) == 0
        ? tips[random.next(below: tips.count)] : trunk[random.next(below: 3)]
      for _ in 0..<random.next(below: 4) { tip = commit(branch, onto: [tip], edited(trees[tip]!)) }
      // Trunk merged into the stream, as people do: the stream's own side wins, for the generator cannot merge.
      if random.next(below: 6) == 0 {
        tip = commit(branch, onto: [tip, trunk[2]], trees[trunk[2]]!.merging(trees[tip]!) { _, own in own })
        tip = commit(branch, onto: [tip], edited(trees[tip]!))
      }
      stream += "reset refs/heads/\(branch)\nfrom :\(tip)\n\n"
      tips.append(tip)
    }
    trunk.append(commit("main", onto: [trunk.last!], edited(trees[trunk.last!]!)))
    stream += "reset refs/heads/main\nfrom :\(trunk.last!)\n\ndone\n"
    try repository.git(["fast-import", "--quiet", "--done", "--force"], input: Array(stream.utf8))
    try repository.git(["reset", "--quiet", "--hard"])
    for branch in branches.dropFirst() {
      try repository.git([
        "worktree", "add", "--quiet", Argument(repository.surroundings / branch), Argument(branch),
      ])
    }
  }

  // MARK: Contents

  private mutating func start() -> [String: Entry] {
    var tree: [String: Entry] = [:]
    for directory in ["", "src/", "src/deep/", "docs/"] {
      for name in ["a", "b", "c"] { tree["\(directory)\(name).txt"] = Entry(mode: "100644", text: text(8)) }
    }
    tree["link"] = Entry(mode: "120000", text: "src/a.txt")
    tree["empty"] = Entry(mode: "100644", text: "")
    return tree
  }

  private mutating func text(_ count: Int) -> String {
    (0..<count).map { index in "line \(random.next(below: 3) == 0 ? 0 : index + 10 * random.next(below: 9))\n" }
      .joined()
  }

  private mutating func edited(_ tree: [String: Entry]) -> [String: Entry] {
    var tree = tree
    for _ in 0...random.next(below: 3) { edit(&tree) }
    return tree
  }

  private mutating func edit(_ tree: inout [String: Entry]) {
    let files = tree.keys.sorted()
    let path = files[random.next(below: files.count)]
    switch random.next(below: 16) {
    case 0: tree[path] = nil
    case 1: tree["src/new\(random.next(below: 3)).txt"] = Entry(mode: "100644", text: text(5))
    case 2: tree["docs/more/new\(random.next(below: 2)).txt"] = Entry(mode: "100644", text: text(5))
    case 3:
      let entry = tree.removeValue(forKey: path)
      tree["\(path).moved\(random.next(below: 2))"] = entry
    case 4: moveDirectory(&tree)
    case 5:
      let mode = tree[path]?.mode
      if mode != "120000" { tree[path]?.mode = mode == "100644" ? "100755" : "100644" }
    case 6: tree["link"] = Entry(mode: "120000", text: "docs/\(random.next(below: 3))")
    case 7:
      if tree.removeValue(forKey: path) != nil { tree["\(path)/inside.txt"] = Entry(mode: "100644", text: text(3)) }
    case 8: tree[path]?.text += "no end"
    case 9:
      let text = tree[path]?.text ?? ""
      tree[path]?.text = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    default: editLines(&tree, path)
    }
  }

  private mutating func moveDirectory(_ tree: inout [String: Entry]) {
    let (from, to) = [("src/deep/", "src/lower/"), ("docs/", "manual/"), ("src/", "lib/")][random.next(below: 3)]
    for path in tree.keys.filter({ $0.hasPrefix(from) }) {
      tree[to + path.dropFirst(from.count)] = tree.removeValue(forKey: path)
    }
  }

  private mutating func editLines(_ tree: inout [String: Entry], _ path: String) {
    guard tree[path]?.mode != "120000", let text = tree[path]?.text else { return }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let place = random.next(below: lines.count)
    switch random.next(below: 4) {
    case 0: lines.insert("new \(random.next(below: 1000))", at: place)
    case 1 where lines.count > 1: lines.remove(at: place)
    default: lines[place] = "changed \(random.next(below: 1000))"
    }
    tree[path]?.text = lines.joined(separator: "\n")
  }

  // MARK: Commits

  private mutating func commit(_ branch: String, onto parents: [Int], _ tree: [String: Entry]) -> Int {
    mark += 1
    trees[mark] = tree
    stream +=
      "commit refs/heads/\(branch)\nmark :\(mark)\ncommitter C <c@example.com> \(1_700_000_000 + mark) +0000\ndata 1\nx\n"
    for (index, parent) in parents.enumerated() { stream += "\(index == 0 ? "from" : "merge") :\(parent)\n" }
    stream += "deleteall\n"
    for (path, entry) in tree.sorted(by: { $0.key < $1.key }) {
      stream += "M \(entry.mode) inline \(path)\ndata \(entry.text.utf8.count)\n\(entry.text)\n"
    }
    return mark
  }
}
