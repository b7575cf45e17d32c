import Dispatch

/// Many histories, on two threads.
struct Sweep {
  let first: UInt64
  let count: Int

  private static let batch = 50

  static func profile(of seed: UInt64) -> History.Profile { seed % 2 == 0 ? .ordinary : .entangled }

  /// - Parameter report: called for each history, from one task at a time.
  func run(report: (Comparison.Result) -> Void) async throws -> Statistics {
    var statistics = Statistics()
    try await withThrowingTaskGroup(of: [Comparison.Result].self) { group in
      var starts = stride(from: 0, to: count, by: Self.batch).makeIterator()
      func addNext() {
        guard let start = starts.next() else { return }
        let seeds = (start..<min(start + Self.batch, count)).map { first &+ UInt64($0) }
        group.addTask { try await Self.results(of: seeds) }
      }
      for _ in 0..<2 { addNext() }
      while let results = try await group.next() {
        addNext()
        for result in results {
          statistics.add(result)
          report(result)
        }
      }
    }
    return statistics
  }

  /// On a thread that may wait for processes.
  private static func results(of seeds: [UInt64]) async throws -> [Comparison.Result] {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(
          with: Result {
            try Comparison().results(of: seeds.map { HistoryGenerator.history(seed: $0, profile: profile(of: $0)) })
          })
      }
    }
  }
}

struct Statistics: CustomStringConvertible {
  struct Counts {
    var all = 0
    var decided = 0
    var fast = 0
    var overlapping = 0
    var conflicting = 0
    var needingGit = 0

    func share(_ part: KeyPath<Counts, Int>) -> Double { all == 0 ? 0 : Double(self[keyPath: part]) / Double(all) }

    mutating func add(_ result: Comparison.Result) {
      all += 1
      if result.verdict == .needsGit { needingGit += 1 } else { decided += 1 }
      if result.isFast { fast += 1 }
      if result.overlaps { overlapping += 1 }
      if result.isConflict { conflicting += 1 }
    }

    fileprivate func words(_ name: String) -> String {
      func percent(_ part: KeyPath<Counts, Int>) -> String { "\(Int((share(part) * 1000).rounded()) / 10) %" }
      return
        "\(name): \(all) histories, \(percent(\.fast)) in process alone, \(percent(\.overlapping)) with paths in common, "
        + "\(percent(\.conflicting)) conflicts, \(percent(\.needingGit)) left to git"
    }
  }

  var ordinary = Counts()
  var entangled = Counts()

  mutating func add(_ result: Comparison.Result) {
    switch result.history.profile {
    case .ordinary: ordinary.add(result)
    case .entangled: entangled.add(result)
    }
  }

  var description: String { ordinary.words("ordinary") + "\n" + entangled.words("entangled") }
}
