import Checks
import Plan
import Platform
import TestSupport
import Testing

@testable import Outbox

@Suite("The outbox")
struct OutboxTests {
  private let place = Place()
  private var outbox: Outbox { place.outbox }

  private final class Place {
    let directory = try! TemporaryDirectory()  // nothing works without one
    var outbox: Outbox { Outbox(directory: directory.path / "outbox") }
    var log: FilePath { directory.path / "log" }
  }

  private func notice(
    _ event: Plan.NotifyPolicy.Event = .committed, _ issue: String = "SMI-1446", sha: String = "1111"
  ) -> Delivery {
    Delivery(
      .notice(event), stream: "ws3", branch: "feature/database", issue: issue, sha: sha,
      subject: Array("feat: a\u{1}b".utf8), in: place.directory.path)
  }

  /// - Parameter script: run by `sh -c`, with the log as `$0`.
  private func policy(_ script: String, interval: Double = 0, retries: Int = 5) -> Plan.NotifyPolicy {
    var policy = Plan.NotifyPolicy()
    for event in Plan.NotifyPolicy.Event.allCases {
      policy.commands[event] = ["sh", "-c", script, place.log.description, event.rawValue, "{issue}", "{sha}"]
    }
    policy.interval = interval
    policy.retries = retries
    return policy
  }

  private func run(_ policy: Plan.NotifyPolicy, trusted: Bool = true) throws -> OutboxRun {
    var environment = Environment.current
    environment["PREFLIGHT_TRUST"] = trusted ? "1" : nil
    environment["XDG_STATE_HOME"] = (place.directory.path / "state").description
    let trust = try Trust.load(repository: "/r", environment: environment)
    var run = OutboxRun(
      outbox, policy: policy, trust: trust, environment: environment, fallback: place.directory.path)
    run.sleep = { _ in }
    run.backOff.random = { 0.999 }
    return run
  }

  private func logged() throws -> [String] {
    let bytes = try place.log.contentsIfPresent() ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static let note = "echo \"$1 $2\" >> \"$0\""

  @Test("A delivery that is written and read is the same")
  func roundTrip() {
    var one = notice()
    (one.state, one.attempts, one.queued, one.notBefore, one.ended) = (.failed, 3, 4, 5, 6)
    one.remark = Array("no".utf8)
    let bare = Delivery(.afterSync(["npm", "install", ""], .each), in: place.directory.path)
    for delivery in [one, bare] { #expect(Delivery(encoded: delivery.encoded) == delivery) }
    #expect(Delivery(encoded: one.encoded.dropLast()) == nil)
    #expect(Delivery(encoded: []) == nil)
  }

  @Test("An event is a stream, an issue and a kind: a rebase, which renames the commit, brings no second one")
  func identity() throws {
    #expect(try outbox.queue([notice(sha: "1111"), notice(sha: "2222"), notice(.pushed)]).count == 2)
    #expect(try outbox.queue([notice(sha: "3333")]).isEmpty)
    _ = try run(policy(Self.note)).drain()
    #expect(try outbox.queue([notice(sha: "4444")]).isEmpty)
    _ = try run(policy(Self.note)).drain()
    #expect(try logged() == ["committed SMI-1446", "pushed SMI-1446"])
  }

  @Test("Commands are run in the order in which they were queued, at least the interval apart")
  func pace() throws {
    try outbox.queue([notice(.pushed), notice(.committed), notice(.committed, "SMI-1448")])
    var waits: [Double] = []
    var run = try run(policy(Self.note, interval: 3600))
    run.sleep = { waits.append($0) }
    _ = try run.drain()
    #expect(try logged() == ["pushed SMI-1446", "committed SMI-1446", "committed SMI-1448"])
    #expect(waits.count == 2 && waits.allSatisfy { $0 > 3500 && $0 <= 3600 })
  }

  @Test("A command that fails is tried again, each time later, and those behind it wait for it")
  func backOff() throws {
    try outbox.queue([notice(), notice(.pushed)])
    let script = "echo \"$1\" >> \"$0\"; test $(grep -c $1 \"$0\") -gt 3 || test $1 = pushed"
    var waits: [Double] = []
    var time: Int64 = 1_000_000_000_000
    var run = try run(policy(script))
    run.now = { time }
    run.sleep = {
      waits.append($0)
      time += Int64($0 * 1e9)
    }
    let report = try run.drain()
    #expect(try logged() == ["committed", "committed", "committed", "committed", "pushed"])
    #expect(report.attempts.map(\.delivery.state) == [.waiting, .waiting, .waiting, .done, .done])
    #expect(waits.map { Int(($0).rounded()) } == [1, 2, 4])
  }

  @Test("Output that says 429 is a failure, whatever the exit status")
  func tooManyRequests() throws {
    try outbox.queue([notice()])
    let script = "echo x >> \"$0\"; test $(wc -l < \"$0\") -gt 1 || echo 'HTTP 429: slow down'"
    let report = try run(policy(script)).drain()
    #expect(report.attempts.map(\.delivery.state) == [.waiting, .done])
  }

  @Test(
    "The status 429 is no part of an issue, a number or a word",
    arguments: [
      ("HTTP 429", true), ("429", true), ("error (429): x", true), ("status=429,", true), ("SMI-429 updated", false),
      ("#429", false), ("4290", false), ("1429", false), ("1.429 s", false), ("/issues/429", false), ("", false),
    ])
  func saying(_ text: String, _ expected: Bool) {
    #expect(saysTooManyRequests(Array(text.utf8)) == expected)
  }

  @Test("After 'retries' attempts more it is given up, and the next has its turn; a person can have it tried again")
  func givingUp() throws {
    try outbox.queue([notice(), notice(.pushed)])
    let failing = policy("echo \"$1\" >> \"$0\"; test $1 = pushed", retries: 2)
    _ = try run(failing).drain()
    #expect(try logged() == ["committed", "committed", "committed", "pushed"])
    #expect(try outbox.all().map(\.state) == [.failed, .done])
    #expect(try outbox.retry() == 1)
    _ = try run(policy(Self.note)).drain()
    #expect(try outbox.all().map(\.state) == [.done, .done])
  }

  @Test("A program that does not exist is not tried again")
  func missingProgram() throws {
    try outbox.queue([notice()])
    var policy = Plan.NotifyPolicy()
    policy.commands[.committed] = ["/nowhere/linear"]
    let report = try run(policy).drain()
    #expect(report.attempts.map(\.delivery.state) == [.failed])
    #expect(String(decoding: report.attempts[0].delivery.remark, as: UTF8.self).contains("/nowhere/linear"))
  }

  @Test("What is not approved is kept, and run once it is")
  func trust() throws {
    try outbox.queue([notice()])
    let report = try run(policy(Self.note), trusted: false).drain()
    #expect(report.untrusted.count == 1 && report.attempts.isEmpty)
    #expect(try logged().isEmpty)
    _ = try run(policy(Self.note)).drain()
    #expect(try logged() == ["committed SMI-1446"])
  }

  @Test("A command that a crash has cut off is not run a second time by itself, but kept for a person to decide")
  func crash() throws {
    try outbox.queue([notice(), notice(.pushed)])
    var first = try #require(try outbox.all().first)
    (first.state, first.attempts) = (.started, 1)
    try outbox.write(first)
    _ = try run(policy(Self.note)).drain()
    #expect(try logged() == ["pushed SMI-1446"])
    #expect(try outbox.all().map(\.state) == [.unseen, .done])
    #expect(try outbox.queue([notice()]).isEmpty)
    #expect(try outbox.retry() == 1)
    _ = try run(policy(Self.note)).drain()
    #expect(try logged() == ["pushed SMI-1446", "committed SMI-1446"])
  }

  @Test("While one drains, another finds nothing to do")
  func oneAtATime() throws {
    try outbox.queue([notice()])
    let lock = try FileLock(trying: outbox.directory / "drain.lock", holder: "other")
    let report = try run(policy(Self.note)).drain()
    #expect(report.isElsewhere && report.attempts.isEmpty)
    withExtendedLifetime(lock) {}
  }

  @Test("A command that is queued after each sync waits once, however many syncs there are")
  func afterSync() throws {
    func delivery(_ sha: String) -> Delivery {
      Delivery(
        .afterSync(["sh", "-c", "echo {sha} >> \"$0\"", place.log.description], .main), sha: sha,
        in: place.directory.path)
    }
    #expect(try outbox.queue([delivery("1111")]).count == 1)
    #expect(try outbox.queue([delivery("2222")]).isEmpty)
    _ = try run(policy("")).drain()
    #expect(try logged().isEmpty)  // only on demand
    var demanded = try run(policy(""))
    demanded.includesAfterSync = true
    _ = try demanded.drain()
    #expect(try logged() == ["1111"])
    #expect(try outbox.queue([delivery("1111")]).isEmpty)
    #expect(try outbox.queue([delivery("3333")]).count == 1)
  }

  @Test("What is forgotten may happen again, and what the plan asks for no more goes")
  func forgetting() throws {
    try outbox.queue([notice()])
    _ = try run(policy(Self.note)).drain()
    try outbox.forget { $0.issue == "SMI-1446" }
    #expect(try outbox.queue([notice()]).count == 1)
    _ = try run(Plan.NotifyPolicy()).drain()
    #expect(try outbox.all().isEmpty)
  }
}

@Suite("What there is to tell")
struct NoticesTests {
  private func news() -> StreamNews {
    var stream = Plan.Stream()
    (stream.id, stream.branch) = ("ws4", "feature/cli")
    stream.issues = ["SMI-1449", "SMI-1450", "SMI-1455"].map {
      var issue = Plan.Issue()
      issue.id = $0
      return issue
    }
    stream.issues[2].after = ["SMI-1448"]
    var news = StreamNews(stream, in: "/w")
    news.tip = .init(sha: "ffff", subject: Array("feat: tip".utf8))
    return news
  }

  private func keys(_ news: StreamNews, _ command: [String] = ["tell", "{issue}"]) -> [String] {
    var policy = Plan.NotifyPolicy()
    for event in Plan.NotifyPolicy.Event.allCases { policy.commands[event] = command }
    return policy.deliveries(for: [news]).map { delivery in
      guard case .notice(let event) = delivery.occasion else { return "?" }
      return "\(event.rawValue) \(delivery.issue ?? "-") \(delivery.sha ?? "-")"
    }
  }

  @Test("Commits tell of the issues that they name, and of those only; what is merged is not told to be begun")
  func commits() {
    var news = news()
    #expect(keys(news).isEmpty)
    news.hasCommits = true
    news.committed = ["SMI-1449": .init(sha: "aaaa", subject: []), "SMI-1450": .init(sha: "bbbb", subject: [])]
    news.pushed = ["SMI-1449": .init(sha: "cccc", subject: [])]
    #expect(keys(news) == ["committed SMI-1449 aaaa", "committed SMI-1450 bbbb", "pushed SMI-1449 cccc"])
    news.merged = ["SMI-1449"]
    #expect(keys(news) == ["committed SMI-1450 bbbb", "merged SMI-1449 aaaa"])
  }

  @Test("A command without {issue} is run once for the stream")
  func withoutIssue() {
    var news = news()
    (news.hasCommits, news.isPushed, news.signal) = (true, true, .ready)
    #expect(keys(news, ["tell", "{stream}"]) == ["committed - ffff", "pushed - ffff", "ready - ffff"])
  }

  @Test("Blocked on another stream's issue are those that come after it; on one of its own, that one")
  func blocked() {
    var news = news()
    news.signal = .blocked
    #expect(keys(news).count == 3)
    news.blockedOn = "SMI-1448"
    #expect(keys(news) == ["blocked SMI-1455 ffff"])
    news.blockedOn = "SMI-1450"
    #expect(keys(news) == ["blocked SMI-1450 ffff"])
  }

  @Test("A signal that was taken back is news when it is given again")
  func signalAgain() throws {
    var news = news()
    news.signal = .ready
    var policy = Plan.NotifyPolicy()
    policy.commands[.ready] = ["tell", "{stream}"]
    let ready = try #require(policy.deliveries(for: [news]).first)
    #expect(!policy.isOver(ready, in: [news]))
    news.signal = nil
    #expect(policy.isOver(ready, in: [news]))
  }
}
