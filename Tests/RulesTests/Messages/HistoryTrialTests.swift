import Git
import Plan
import Testing

@testable import Rules

@Suite("A trial on history")
struct HistoryTrialTests {
  private func trial(_ messages: [String], _ plan: Plan = Plan()) -> HistoryTrial {
    var trial = HistoryTrial(policy: plan.commits, settings: plan.rules)
    for (index, message) in messages.enumerated() {
      var context = MessageContext(.written)
      context.isForTrunk = true
      trial.judge(CommitMessage(Array(message.utf8)), of: id(index), context: context)
    }
    return trial
  }

  private func id(_ index: Int) -> ObjectID {
    ObjectID(hex: String(repeating: "0", count: 39) + String(index + 1, radix: 16))!  // 40 digits
  }

  private var strict: Plan {
    var plan = Plan()
    plan.commits.scopes = ["core"]
    plan.commits.requiresScope = true
    plan.commits.bodyLimit = 20
    return plan
  }

  @Test("Each rule names its commits and the narrowest setting with which they pass")
  func settings() {
    let long = String(repeating: "x", count: 96)
    let trial = trial([
      "feat: fine", "release: 1.0", "Release: 1.1", "deps(x): y", "Did it", "feat: \(long)", "feat: \(long)é (#12)",
      "fixup! feat: fine", "feat: x\nno blank line",
    ])
    #expect(
      trial.verdicts == [
        .init(
          rule: "message.grammar", severity: .error, commits: [id(4)],
          settings: [.level(rule: "message.grammar", .warn)]),
        .init(
          rule: "message.type", severity: .error, commits: [id(1), id(2), id(3)],
          settings: [.types(Plan.CommitPolicy.conventionalTypes + ["release", "deps"])]),
        .init(
          rule: "message.blank-line", severity: .error, commits: [id(8)],
          settings: [.level(rule: "message.blank-line", .warn)]),
        .init(
          rule: "message.fixup", severity: .error, commits: [id(7)], settings: [.level(rule: "message.fixup", .warn)]),
        .init(
          rule: "message.subject-length", severity: .warning, commits: [id(5), id(6)], settings: [.subjectLimit(103)]),
      ])
    #expect(trial.refused == Set([1, 2, 3, 4, 7, 8].map(id)))
  }

  @Test("Scopes that are missing or unknown, and long body lines, have settings of their own")
  func scopes() {
    let messages = [
      "feat: x", "feat(api,core): x", "feat(ui): x",
      "fix(core): x\n\nthis line is longer than that\nhttps://a.very/long/link here it is, of forty",
    ]
    let settings = trial(messages, strict).verdicts.flatMap(\.settings)
    #expect(settings == [.scopes(["core", "api", "ui"]), .requiresScope(false), .bodyLimit(29)])
  }

  @Test("With all of its settings nothing is refused and nothing warned of any more")
  func remedy() {
    let messages = [
      "release: 1.0", "Did it", "feat(nope): x", "wip", "fixup! x", "feat: \(String(repeating: "y", count: 200))",
      "feat: x\nno blank", "feat(a/b): \u{e9}", "chore: x\n\nBREAKING CHANGE; not so",
      "x(y): z\n\nand a line of prose here",
    ]
    var plan = strict
    for _ in 0..<2 {  // what was an error is a warning then
      for setting in trial(messages, plan).verdicts.flatMap(\.settings) { setting.apply(to: &plan) }
      #expect(trial(messages, plan).refused.isEmpty)
    }
    #expect(trial(messages, plan).verdicts.isEmpty)
  }

  @Test("A type that is not UTF-8 cannot be put into a plan: the rule is to speak more softly")
  func unnameable() {
    var trial = HistoryTrial(policy: .init(), settings: .init())
    trial.judge(CommitMessage([0xff] + Array(": x".utf8)), of: id(0), context: MessageContext(.written))
    let settings = trial.verdicts.first { $0.rule == "message.type" }?.settings
    #expect(settings == [.level(rule: "message.type", .warn)])
  }
}
