import Platform
import TestSupport
import Testing

@Suite("Every rule, under the real git")
struct RuleTests {
  private func hive(_ place: ArmedHive.Place, _ rule: RuleCase, isOff: Bool = false) throws -> ArmedHive {
    let lines = isOff ? rule.rules.split(separator: "\n").filter { !$0.contains(rule.rule) } : [rule.rules[...]]
    let off = isOff ? "\n\"\(rule.rule)\" = \"off\"" : ""
    let hive = try ArmedHive(place, rules: lines.joined(separator: "\n") + off, commits: rule.commits)
    if !rule.arrange.isEmpty { try hive.arrange(rule.arrange, in: hive.one) }
    return hive
  }

  @Test(
    "What breaks a rule is refused or warned of, and pasting the hint puts it right",
    arguments: RuleCase.all, ArmedHive.Place.allCases)
  func broken(_ rule: RuleCase, _ place: ArmedHive.Place) throws {
    let hive = try hive(place, rule)
    let outcome = try hive.outcome(of: rule.attempt)
    let findings = outcome.findings(of: rule.rule)
    #expect(findings.count == 1, "\(outcome)")
    #expect(findings.allSatisfy { $0.contains(rule.isError ? "error: " : "warning: ") }, "\(outcome)")
    #expect((outcome.status == 0) != rule.isError, "\(outcome)")

    guard rule.proof != nil || rule.hintShows != nil else { return }
    let place = rule.attempt.hasPrefix("cd \"$TRUNK\"") ? hive.trunk : hive.one
    let directory = rule.attempt.hasPrefix("cd one") ? place / "one" : place
    let hint = try #require(firstHint(of: rule, in: outcome), "\(outcome)")
    let pasted = try hive.outcome(of: hint, in: directory, environment: ["GIT_EDITOR": rule.editor])
    if let text = rule.hintShows {
      #expect(pasted.status == 0, "\(hint)\n\(pasted)")
      #expect(text.isEmpty || pasted.standardOutput.contains(text), "\(hint)\n\(pasted)")
    }
    guard let proof = rule.proof else { return }
    let proven = try hive.outcome(of: "set -e\n" + proof, in: place)
    #expect(proven.status == 0, "\(hint)\n\(pasted)\n\(proven)")
    #expect(proven.findings(of: rule.rule).isEmpty, "\(hint)\n\(pasted)\n\(proven)")
  }

  /// The hint that stands below the finding.
  private func firstHint(of rule: RuleCase, in outcome: CommandOutcome) -> String? {
    guard let start = outcome.standardError.firstRange(of: "[\(rule.rule)]") else { return nil }
    var rest = outcome
    rest.standardError = String(outcome.standardError[start.upperBound...])
    return rest.hints.first
  }

  @Test("What is like it but fine passes without a word of the rule", arguments: RuleCase.all)
  func fine(_ rule: RuleCase) throws {
    let outcome = try hive(.mainWorktree, rule).outcome(of: "set -e\n" + rule.allowed)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.findings(of: rule.rule).isEmpty, "\(outcome)")
  }

  @Test("A rule that the plan switches off says and refuses nothing", arguments: RuleCase.all)
  func switchedOff(_ rule: RuleCase) throws {
    let outcome = try hive(.linkedWorktree, rule, isOff: true).outcome(of: rule.attempt)
    #expect((outcome.status == 0) != rule.isRefusedByGit, "\(outcome)")
    #expect(outcome.findings(of: rule.rule).isEmpty, "\(outcome)")
  }
}
