import TestSupport

/// Makes the history that belongs to a seed.
struct HistoryGenerator {
  private var random: SeededGenerator
  private var history: History
  private var lineCount = 0

  static func history(seed: UInt64, profile: History.Profile) -> History {
    var generator = HistoryGenerator(seed: seed, profile: profile)
    generator.make()
    return generator.history
  }

  private init(seed: UInt64, profile: History.Profile) {
    random = SeededGenerator(seed: seed)
    history = History(seed: seed, profile: profile)
  }

  private var isOrdinary: Bool { history.profile == .ordinary }

  private mutating func make() {
    var files: History.Files = [:]
    for _ in 0..<random.number(isOrdinary ? 20...36 : 3...8) { files.place(newFile(), at: newPath(files)) }
    if random.chance(3) { files[.init(".gitattributes")] = .init(contents: .init("*.txt merge=union\n")) }
    commit(files, on: [])
    if !isOrdinary, random.chance(15) { crossAndMerge() }
    let base = history.commits.count - 1
    history.tip = grow(from: base, commits: random.number(1...4))
    history.onto = base
    for _ in 0..<random.number(1...4) {
      if random.chance(isOrdinary ? 6 : 12) {
        takeOver(from: base)
      } else {
        history.onto = grow(from: history.onto, commits: 1)
      }
    }
    if random.chance(isOrdinary ? 2 : 6) { mergeWithinStream(base) }
  }

  /// Two lines that merge each other, each in its own way, before the stream begins.
  private mutating func crossAndMerge() {
    let start = history.commits.count - 1
    let one = grow(from: start, commits: 1)
    let two = grow(from: start, commits: 1)
    let merged = union(history.commits[one].files, history.commits[two].files)
    commit(merged, on: [one, two])
    let first = history.commits.count - 1
    commit(merged, on: [two, one])
    commit(mutated(merged), on: [first, history.commits.count - 1])
  }

  private mutating func mergeWithinStream(_ base: Int) {
    let side = grow(from: base, commits: 1)
    let files = union(history.commits[history.tip].files, history.commits[side].files)
    commit(files, on: [history.tip, side])
    history.tip = history.commits.count - 1
  }

  private func union(_ one: History.Files, _ two: History.Files) -> History.Files {
    var result = one
    for path in two.paths where one[path] == nil { result.place(two[path]!, at: path) }
    return result
  }

  /// Trunk takes over some of the stream's first commits: each alone or all in one, as far as they apply.
  private mutating func takeOver(from base: Int) {
    let own = Array((base + 1)...history.tip)
    let count = random.number(1...own.count)
    let squashes = random.chance(60)
    for group in squashes ? [own[..<count]] : own[..<count].map({ [$0] }) {
      guard let parent = history.commits[group.first!].parents.first else { continue }
      var files = history.commits[history.onto].files
      let (before, after) = (history.commits[parent].files, history.commits[group.last!].files)
      for path in Set(before.keys).union(after.keys).sorted(by: { $0.lexicographicallyPrecedes($1) })
      where before[path] != after[path] {
        guard let merged = merged(files[path], before[path], after[path]) else { return }
        if let file = merged { files.place(file, at: path) } else { files[path] = nil }
      }
      if files == history.commits[history.onto].files { return }
      let message = squashes ? [UInt8]("squashed (#1)\n") : history.commits[group.first!].message
      commit(files, on: [history.onto], message: message)
      history.onto = history.commits.count - 1
    }
  }

  /// `nil` where it does not apply; inside, `nil` for no file.
  private func merged(_ now: History.File?, _ before: History.File?, _ after: History.File?) -> History.File?? {
    if now == before { return .some(after) }
    guard let now, let before, let after, now.mode == after.mode else { return nil }
    let (old, new) = (before.contents.lines, after.contents.lines)
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    let removed = old[head..<(old.count - tail)]
    let present = now.contents.lines
    let anchor = head > 0 ? [old[head - 1]] + removed : Array(removed)
    let places = present.indices.filter { !anchor.isEmpty && present[$0...].starts(with: anchor) }
    guard places.count == 1 else { return nil }
    let start = places[0] + anchor.count - removed.count
    let lines = present[..<start] + new[head..<(new.count - tail)] + present[(start + removed.count)...]
    return .some(.init(mode: now.mode, contents: Array(lines.joined())))
  }

  // MARK: Commits

  private mutating func grow(from start: Int, commits count: Int) -> Int {
    var place = start
    for _ in 0..<count {
      let files = history.commits[place].files
      if random.chance(3) {
        commit(files, on: [place])  // empty from the beginning
      } else if random.chance(5), let parent = history.commits[place].parents.first {
        commit(history.commits[parent].files, on: [place], message: .init("Revert \"something\"\n"))
      } else {
        commit(mutated(files), on: [place])
      }
      place = history.commits.count - 1
    }
    return place
  }

  private mutating func commit(_ files: History.Files, on parents: [Int], message: [UInt8]? = nil) {
    let (text, encoding) = message.map { ($0, nil) } ?? newMessage()
    let authors = ["A U Thor <author@example.com>", "Zoë Ünal <zoe@example.com>", " <>", "O'Neil \"x\" <o@n>"]
    let author =
      "\(random.pick(authors)) \(1_600_000_000 + random.number(0...99_999_999)) \(random.pick(["+0000", "-0730", "+1245"]))"
    history.commits.append(
      .init(parents: parents, files: files, message: text, author: .init(author), encoding: encoding))
  }

  private mutating func newMessage() -> ([UInt8], String?) {
    switch random.number(1...(isOrdinary ? 120 : 40)) {
    case 1: return ([], nil)
    case 2: return (.init("\n \n\tsubject after blank lines\n"), nil)
    case 3: return (.init("no line end"), nil)
    case 4: return (.init("caf\u{e9}\n\n").latin1, nil)
    case 5: return (.init("caf\u{e9}\n").latin1, "ISO-8859-1")
    case 6: return (.init("ünïcode ✓\n\nbody \n\n\n# not a comment\n"), nil)
    case 7: return ([0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xEF, 0xBF, 0xBE, 0xC0, 0x80, 0x0A], nil)
    case 8: return (.init("crlf\r\n\r\nbody\r\n"), "UTF-8")
    default: return (.init("feat: change \(random.number(1...1000))\n\nbody\n"), nil)
    }
  }

  // MARK: Files

  private mutating func mutated(_ files: History.Files) -> History.Files {
    var result = files
    for _ in 0..<random.number(1...3) { mutate(&result) }
    return result
  }

  private mutating func mutate(_ files: inout History.Files) {
    guard !files.isEmpty else { return files.place(newFile(), at: newPath(files)) }
    // Everybody's favourite files come first, so that streams meet.
    let paths = files.paths
    let path = random.chance(isOrdinary ? 8 : 50) ? paths[0] : random.pick(paths)
    let file = files[path]!
    switch random.number(1...100) {
    case ...(isOrdinary ? 83 : 40): files[path] = edited(file)
    case ...(isOrdinary ? 93 : 55): files.place(newFile(), at: newPath(files))
    case ...(isOrdinary ? 95 : 65): files[path] = nil
    case ...(isOrdinary ? 97 : 80): rename(path, file, in: &files)
    case ...(isOrdinary ? 98 : 88): renameDirectory(of: path, in: &files)
    case ...99: if file.mode & 0o170000 == 0o100000 { files[path]!.mode = file.mode ^ 0o111 }
    default: files[path] = newFile()
    }
  }

  private mutating func rename(_ path: [UInt8], _ file: History.File, in files: inout History.Files) {
    files[path] = nil
    files.place(random.chance(40) ? edited(file) : file, at: newPath(files))
  }

  private mutating func renameDirectory(of path: [UInt8], in files: inout History.Files) {
    let directory = path.directory
    guard !directory.isEmpty else { return }
    var target = [UInt8](random.pick(["moved/", "d/", "e/f/", "lib/"]))
    if random.chance(15) { target = [] }
    let moved = files.filter { $0.key.starts(with: directory) }
    for path in moved.keys { files[path] = nil }
    for path in moved.paths { files.place(moved[path]!, at: target + path.dropFirst(directory.count)) }
  }

  private mutating func newPath(_ files: History.Files) -> [UInt8] {
    let directories = isOrdinary ? ["", "src/", "src/core/", "docs/", "tests/"] : ["", "d/", "d/e/", "f/"]
    let names = isOrdinary ? (1...40).map { "file\($0).txt" } : ["a", "b", "c", "d", "f", "a.b", "a-b", "a0"]
    var path = [UInt8](random.pick(directories)) + [UInt8](random.pick(names))
    if random.chance(3) { path += random.pick([[0xFF], .init("é"), .init(" \"q\"\\"), [0x0A], .init("e\u{301}")]) }
    return path
  }

  private mutating func newFile() -> History.File {
    switch random.number(1...(isOrdinary ? 60 : 25)) {
    case 1: return .init(contents: [])
    case 2: return .init(contents: [0, 1, 2, UInt8(random.number(0...255)), 0])
    case 3: return .init(mode: History.File.link, contents: .init(random.pick(["target", "../elsewhere", "x"])))
    case 4: return .init(mode: History.File.submodule, contents: newSubmodule())
    case 5: return .init(mode: History.File.program, contents: text())
    case 6: return .init(contents: Array(text().lines.map { $0.dropLast() + [0x0D, 0x0A] }.joined()))
    case 7: return .init(contents: text().dropLast())
    default: return .init(contents: text())
    }
  }

  /// The hexadecimal name of a commit that need not be there.
  private mutating func newSubmodule() -> [UInt8] {
    Array((0..<40).map { _ in UInt8(ascii: "1") + UInt8(random.number(0...3)) })
  }

  private mutating func text() -> [UInt8] {
    Array((0..<random.number(isOrdinary ? 6...30 : 2...9)).flatMap { _ in line() })
  }

  private mutating func line() -> [UInt8] {
    if !isOrdinary || random.chance(3) { return .init("\(random.pick(["", "}", "a", "b", "c", "  return"]))\n") }
    lineCount += 1
    return .init("line \(lineCount) of \(history.seed % 1000)\n")
  }

  private mutating func edited(_ file: History.File) -> History.File {
    if file.mode == History.File.submodule { return .init(mode: file.mode, contents: newSubmodule()) }
    if file.mode == History.File.link { return .init(mode: file.mode, contents: file.contents + [UInt8(ascii: "x")]) }
    if file.contents.contains(0) {
      return .init(mode: file.mode, contents: file.contents + [UInt8(random.number(0...255))])
    }
    var lines = file.contents.lines
    for _ in 0..<(random.chance(isOrdinary ? 10 : 30) ? 2 : 1) {
      let place = random.chance(20) ? lines.count : random.number(0...lines.count)
      let removed = min(lines.count - place, random.number(0...2))
      let added = (0..<random.number(removed == 0 ? 1...2 : 0...2)).map { _ in line() }
      lines.replaceSubrange(place..<(place + removed), with: added)
    }
    return .init(mode: file.mode, contents: Array(lines.joined()))
  }
}

extension [UInt8] {
  /// With their ends.
  var lines: [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = self[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
      lines.append(Array(rest[..<end]))
      rest = rest[end...]
    }
    return lines
  }

  /// Each character of a text as one byte.
  fileprivate var latin1: [UInt8] { String(decoding: self, as: UTF8.self).unicodeScalars.map { UInt8($0.value) } }
}
