import Plan

extension Section<Plan> {
  /// The whole file.
  static var root: Section {
    Section(
      "the plan",
      [
        table("project", \.project, .project),
        table("commits", \.commits, .commits),
        Key("rules") { node, plan, reading in plan.rules = ruleSettings(node, &reading) },
        table("sync", \.sync, .sync),
        table("worktree", \.worktree, .worktree),
        tables("shared", \.shared, .init(), .shared, check: checkShared),
        tables("checks", \.checks, .init(), .checks, check: checkNames(of:_:)),
        tables("after-sync", \.afterSync, .init(), .afterSync),
        command("launch", \.launch, ValueForm.streamPlaceholders + ["brief", "brief-file"]),
        command("finish", \.finish),
        Key("merge") { node, plan, reading in Section<Plan>.merge.read(node, "merge", into: &plan, &reading) },
        table("notify", \.notify, .notify),
        table("hive", \.hive, .hive),
        Key("rounds") { node, plan, reading in
          plan.rounds = ValueForm.list(of: .texts).read(node, "rounds", &reading) ?? []
          reading.rounds = node
        },
        Key("streams") { node, plan, reading in
          reading.streams = StreamEntry.read(node, &reading)
          plan.streams = reading.streams.map(\.stream.value)
        },
      ])
  }

  private static var merge: Section {
    Section("[merge]", [Key("run", \.merge, .command()), Key("kind", \.mergeKind, .choice)])
  }

  private static func table<Value>(
    _ name: String, _ property: WritableKeyPath<Plan, Value>, _ section: Section<Value>
  ) -> Key {
    Key(name) { node, plan, reading in section.read(node, name, into: &plan[keyPath: property], &reading) }
  }

  /// An array of tables; `check` sees all that could be read.
  private static func tables<Value>(
    _ name: String, _ property: WritableKeyPath<Plan, [Value]>, _ empty: Value, _ section: Section<Value>,
    check: @escaping ([Located<Value>], inout PlanReading) -> Void = { _, _ in }
  ) -> Key {
    Key(name) { node, plan, reading in
      guard case .array(let elements) = node.value else {
        return reading.faults.error(
          node.position, "'\(name)' must be an array of tables, not \(node.kind)", hint: "write [[\(name)]]")
      }
      let firstPattern = reading.patterns.count
      let values = elements.map { element in
        var value = empty
        section.read(element, name, into: &value, &reading)
        return Located(value, element, position: element.position)
      }
      for index in firstPattern..<reading.patterns.count { reading.patterns[index].isShared = name == "shared" }
      check(values, &reading)
      plan[keyPath: property] = values.map(\.value)
    }
  }

  private static func checkShared(_ entries: [Located<Plan.SharedFiles>], _ reading: inout PlanReading) {
    for entry in entries {
      let merge = entry.value.merge
      if merge == .regenerate, !entry.has("run") {
        reading.faults.error(entry.position(of: "merge"), "merge = \"regenerate\" needs a 'run'")
      }
      if merge != .regenerate, entry.has("run") {
        reading.faults.error(entry.position(of: "run"), "'run' is only for merge = \"regenerate\"")
      }
      if merge != .manifest, entry.has("versions") {
        reading.faults.error(entry.position(of: "versions"), "'versions' is only for merge = \"manifest\"")
      }
    }
  }

  private static func checkNames(of checks: [Located<Plan.Check>], _ reading: inout PlanReading) {
    var names: Set<String> = [""]
    for check in checks where !names.insert(check.value.name).inserted && check.has("name") {
      guard !check.value.name.isEmpty else { continue }
      reading.faults.error(check.position(of: "name"), "two checks are named '\(check.value.name)'")
    }
  }

  /// A dotted key without quotes, `message.scope = "off"`, is a table within a table to TOML, and the same rule to us.
  private static func ruleSettings(
    _ node: TOMLNode, _ reading: inout PlanReading, below prefix: String = ""
  ) -> RuleSettings {
    var settings = RuleSettings()
    guard case .table(let entries) = node.value else {
      reading.faults.error(node.position, "'rules' must be a table, not \(node.kind)")
      return settings
    }
    for entry in entries {
      let rule = prefix + entry.key
      if case .table = entry.node.value {
        settings.levels.merge(ruleSettings(entry.node, &reading, below: rule + ".").levels) { first, _ in first }
        continue
      }
      guard reading.rules.contains(where: { $0 == rule || $0.hasPrefix(rule + ".") }) else {
        let suggestion = suggestion(for: rule, among: reading.rules + rulePrefixes(of: reading.rules))
        reading.faults.error(entry.keyPosition, "unknown rule '\(rule)' in [rules]\(suggestion)")
        continue
      }
      settings.levels[rule] = ValueForm<RuleSettings.Level>.choice.read(entry.node, rule, &reading)
    }
    return settings
  }

  private static func rulePrefixes(of rules: [String]) -> [String] {
    rules.compactMap { rule in rule.lastIndex(of: ".").map { String(rule[..<$0]) } }
  }

  /// A table that holds just `run`.
  private static func command(
    _ name: String, _ property: WritableKeyPath<Plan, [String]>, _ placeholders: [String] = ValueForm.streamPlaceholders
  ) -> Key {
    table(name, property, Section<[String]>("[\(name)]", [.init("run", \.self, .command(placeholders))]))
  }
}

extension Section<Plan.Project> {
  static var project: Section {
    Section(
      "[project]",
      [
        Key("name", \.name, .text),
        Key("trunk", \.trunk, .branch),
        Key("remote", \.remote, .branch),
        Key("issue-prefix", \.issuePrefixes, .texts),
      ])
  }
}

extension Section<Plan.CommitPolicy> {
  static var commits: Section {
    Section(
      "[commits]",
      [
        Key("types", \.types, .nonEmptyList(of: .type)),
        Key("scopes", \.scopes, .texts),
        Key("require-scope", \.requiresScope, .flag),
        Key("subject-max", \.subjectLimit, .count),
        Key("body-max", \.bodyLimit, .count),
        Key("fix", \.fixes, .flag),
      ])
  }
}

extension ValueForm<String> {
  /// A commit type: what stands before the scope or the colon.
  fileprivate static var type: ValueForm {
    nonEmptyText.unless { text, key in
      text.unicodeScalars.contains { " \t\n\r:!()".unicodeScalars.contains($0) }
        ? "'\(key)' must hold single words, not '\(text)'" : nil
    }
  }
}

extension Section<Plan.SyncPolicy> {
  static var sync: Section {
    Section(
      "[sync]",
      [
        Key("mode", \.mode, .choice),
        Key("streams", \.streams, .choice),
        Key("published", \.published, .choice),
        Key("quiet", \.quiet, .duration),
      ])
  }
}

extension Section<Plan.WorktreePolicy> {
  static var worktree: Section {
    Section(
      "[worktree]",
      [
        Key("dir", \.directory, .nonEmptyText),
        Key("link", \.links, .list(of: .inside)),
        Key("setup", \.setup, .list(of: .command())),
        Key("remove", \.remove, .list(of: .command())),
        Key("checkout", \.checkout, .flag),
      ])
  }
}

extension Section<Plan.SharedFiles> {
  private enum Versions: String, CaseIterable {
    case higher
    case conflict
  }

  static var shared: Section {
    Section(
      "[[shared]]", required: ["paths"],
      [
        Key("paths", \.paths, .nonEmptyList(of: .pattern)),
        Key("merge", \.merge, .choice),
        Key("stubs", \.stubs, .choice),
        Key("versions") { node, files, reading in
          files.takesHigherVersion = ValueForm<Versions>.choice.read(node, "versions", &reading) == .higher
        },
        Key("run", \.run, .command(["worktree"])),
      ])
  }
}

extension Section<Plan.Check> {
  static var checks: Section {
    Section(
      "[[checks]]", required: ["name", "run"],
      [
        Key("name", \.name, .nonEmptyText),
        Key("run", \.run, .command()),
        Key("when", \.occasions, .nonEmptyList(of: .choice)),
        Key("lock", \.lock, .nonEmptyText),
        Key("timeout", \.timeout, .duration.unless { $0 > 0 ? nil : "'\($1)' must be longer than nothing" }),
        Key("paths", \.paths, .list(of: .pattern)),
        Key("env", \.environment, .list(of: .variable)),
      ])
  }
}

extension ValueForm<String> {
  fileprivate static var variable: ValueForm {
    nonEmptyText.unless { text, key in
      text.utf8.contains(UInt8(ascii: "=")) ? "'\(key)' names variables without their values, not '\(text)'" : nil
    }
  }
}

extension Section<Plan.AfterSync> {
  static var afterSync: Section {
    Section(
      "[[after-sync]]", required: ["paths", "run"],
      [
        Key("paths", \.paths, .nonEmptyList(of: .pattern)),
        Key("run", \.run, .command()),
        Key("where", \.place, .choice),
      ])
  }
}

extension Section<Plan.NotifyPolicy> {
  static var notify: Section {
    let placeholders = ValueForm.streamPlaceholders + ["issue", "sha", "subject"]
    return Section(
      "[notify]",
      Plan.NotifyPolicy.Event.allCases.map { Key($0.rawValue, \.commands[$0], .command(placeholders)) } + [
        Key("interval", \.interval, .duration),
        Key("retries", \.retries, .count),
      ])
  }
}

extension Section<Plan.HivePolicy> {
  static var hive: Section { Section("[hive]", [Key("share", \.isShared, .flag)]) }
}
