import Platform
import Testing

/// Random histories, replayed in memory and rebased by git: the same verdict, and where it is clean the same commit, and so
/// the same trees, authors, messages and headers.
///
/// `PREFLIGHT_HISTORIES` says how many (300), `PREFLIGHT_SEED` which is the first; one history is run again with
/// `PREFLIGHT_HISTORIES=1 PREFLIGHT_SEED=…` of its report.
@Suite("Replays against git rebase", .serialized)
struct DifferentialTests {
  @Test("A replay ends as git rebase does")
  func histories() async throws {
    let count = Environment.current["PREFLIGHT_HISTORIES"].flatMap { Int($0) } ?? 300
    let first = Environment.current["PREFLIGHT_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max >> 16)
    print("PREFLIGHT_HISTORIES=\(count) PREFLIGHT_SEED=\(first)")
    let statistics = try await Sweep(first: first, count: count).run { result in
      if let difference = result.difference {
        Issue.record("PREFLIGHT_HISTORIES=1 PREFLIGHT_SEED=\(result.history.seed): \(difference)")
      }
    }
    print(statistics)
    if count >= 300 {
      let ordinary = statistics.ordinary
      #expect(ordinary.share(\.fast) >= 0.8)
      #expect(ordinary.share(\.overlapping) >= 0.3)
      #expect(ordinary.share(\.conflicting) >= 0.1)
      #expect(statistics.entangled.share(\.decided) >= 0.7)
    }
  }

  @Test("A fault that is planted in the fast path shows", arguments: Comparison.Fault.allCases)
  func faults(_ fault: Comparison.Fault) throws {
    for batch in 0..<40 {
      let seeds = (0..<25).map { UInt64(1_000_000 + batch * 25 + $0) }
      let histories = seeds.map { HistoryGenerator.history(seed: $0, profile: Sweep.profile(of: $0)) }
      if try Comparison(fault: fault).results(of: histories).contains(where: { $0.difference != nil }) { return }
    }
    Issue.record("1000 histories have not shown it")
  }
}
