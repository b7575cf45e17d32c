import Plan
import Testing

@testable import PlanFile

private let rules = ["message.grammar", "message.scope", "shared.stale", "ownership", "exports.foreign"]

private func faults(_ text: String) -> [String] {
  PlanDocument(Array(text.utf8), file: "preflight.toml", rules: rules).faults.map {
    let line = $0.description.replacing("preflight.toml:", with: "")
    return $0.hint.map { "\(line) | \($0)" } ?? line
  }
}

/// A stream on its own branch, with more lines and issues.
private func stream(_ id: String, _ more: String = "", issues: String = "") -> String {
  "[streams.\(id)]\nbranch = \"b/\(id)\"\n\(more)\(issues.isEmpty ? "" : "issues = [\(issues)]\n")"
}

@Suite("Faults of a plan")
struct PlanFaultTests {
  @Test(
    "Text that is no TOML has one fault, where it is",
    arguments: [
      ("a = \"é\u{301}\" b", "1:10: error: key-value pair: expected a comment or whitespace, saw 'b'"),
      ("[sync]\nmode = ", "2:8: error: key-value pair: encountered end-of-file"),
      ("[sync]\n[sync]\n", "2:1: error: table header: cannot redefine existing table 'sync'"),
      (
        "[sync]\nquiet = \"1s\"\nquiet = \"2s\"\n",
        "3:9: error: key-value pair: cannot redefine existing string 'quiet'"
      ),
      ("[sync]\n[#hive]", "2:2: error: expected the name of a table"),
      ("[[ = ]]", "1:4: error: expected the name of a table"),
    ])
  func syntax(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test("Bytes that are not text are named where they are")
  func unreadable() {
    let broken = PlanDocument(Array("# é\n[sync] # ".utf8) + [0xC3, 0x28], file: "p", rules: [])
    #expect(broken.plan == nil)
    #expect(broken.faults.map(\.description) == ["p:2:10: error: not valid UTF-8"])
    #expect(faults("[sync]\n\0") == ["2:1: error: a NUL character"])
    #expect(faults("[project]\nname = \"a\\u0000b\"") == ["2:10: error: a NUL character in a string"])
  }

  @Test("Nesting without end is refused before it is followed")
  func nesting() {
    let message = "error: more than 256 levels of tables or arrays"
    #expect(faults("a = " + String(repeating: "[", count: 100_000)) == ["1:261: \(message)"])
    #expect(faults(Array(repeating: "a", count: 100_000).joined(separator: ".") + " = 1") == ["1:1: \(message)"])
  }

  @Test(
    "Unknown keys are refused with the nearest known one",
    arguments: [
      (
        "[sync]\nquite = \"20s\"",
        "2:1: error: unknown key 'quite' in [sync]; did you mean 'quiet'? | known keys: mode, streams, published, quiet"
      ),
      ("[hive]\n  'x y' = 1", "2:3: error: unknown key 'x y' in [hive] | known keys: share"),
      (
        "[snyc]\nmode = \"off\"",
        "1:2: error: unknown key 'snyc' in the plan; did you mean 'sync'? | known keys: project, commits, rules, sync, "
          + "worktree, shared, checks, after-sync, launch, finish, merge, notify, hive, rounds, streams"
      ),
      (
        stream("ws1", issues: "{ id = \"A-1\", tilte = \"x\" }"),
        "3:25: error: unknown key 'tilte' in an issue; did you mean 'title'? | known keys: id, title, priority, after, external"
      ),
      (
        "[[checks]]\nname = \"a\"\nrun = [\"x\"]\nwhne = []",
        "4:1: error: unknown key 'whne' in [[checks]]; did you mean 'when'? | known keys: name, run, when, lock, timeout, "
          + "paths, env"
      ),
    ])
  func unknownKeys(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test(
    "A value of the wrong kind is refused where it stands",
    arguments: [
      ("[sync]\nquiet = 20", "2:9: error: 'quiet' must be a duration such as \"20s\", not an integer"),
      (
        "[sync]\nquiet = \"20 sec\"",
        "2:9: error: 'quiet' must be a duration such as \"20s\", not \"20 sec\" | units: ms, s, m, h"
      ),
      ("[sync]\nquiet = \"\"", "2:9: error: 'quiet' must be a duration such as \"20s\", not \"\" | units: ms, s, m, h"),
      ("[commits]\nsubject-max = -1", "2:15: error: 'subject-max' must be a whole number from 0 to 2147483647, not -1"),
      (
        "[commits]\nbody-max = 7.5",
        "2:12: error: 'body-max' must be a whole number from 0, not a floating-point number"
      ),
      ("[commits]\nfix = \"yes\"", "2:7: error: 'fix' must be true or false, not a string"),
      ("[commits]\ntypes = \"feat\"", "2:9: error: 'types' must be an array, not a string"),
      ("[commits]\ntypes = [\"feat\", 3]", "2:18: error: 'types' must be a string, not an integer"),
      ("[commits]\ntypes = []", "2:9: error: 'types' must not be empty"),
      ("[commits]\ntypes = [\"a b\"]", "2:10: error: 'types' must hold single words, not 'a b'"),
      ("[commits]\nscopes = [\"\"]", "2:11: error: 'scopes' must not be empty"),
      ("[project]\nname = 2020-01-01", "2:8: error: 'name' must be a string, not a date"),
      ("[project]\ntrunk = \"a..b\"", "2:9: error: 'trunk' is not a name that git allows: 'a..b'"),
      (
        "[sync]\nmode = \"rebse\"",
        "2:8: error: 'mode' must be \"rebase\", \"notify\" or \"off\", not \"rebse\"; did you mean \"rebase\"?"
      ),
      ("[sync]\nstreams = [\"all\"]", "2:11: error: 'streams' must be \"all\" or \"planned\", not an array"),
      ("sync = 1", "1:8: error: 'sync' must be a table, not an integer"),
      ("[shared]\npaths = []", "1:2: error: 'shared' must be an array of tables, not a table | write [[shared]]"),
      ("streams = []", "1:11: error: 'streams' must be a table, not an array | write [streams.<id>]"),
      ("[streams]\nws1 = 1", "2:7: error: stream 'ws1' must be a table, not an integer"),
      ("rules = 1", "1:9: error: 'rules' must be a table, not an integer"),
      ("[worktree]\nlink = [\"../x\"]", "2:9: error: 'link' must stay inside the worktree: '../x'"),
      ("[worktree]\nsetup = [\"npm i\"]", "2:10: error: 'setup' must be an array, not a string"),
      (
        stream("ws1", "estimate = \"6h-4h\"\n"),
        "3:12: error: 'estimate' must be an estimate such as \"4h-6h\", not \"6h-4h\" | the shorter time first; units: ms, s, m, h"
      ),
      (
        stream("ws1", "estimate = 4\n"), "3:12: error: 'estimate' must be an estimate such as \"4h-6h\", not an integer"
      ),
      (stream("ws1", issues: "{ id = \"A 1\" }"), "3:18: error: 'id' must be one word, not 'A 1'"),
    ])
  func wrongValues(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test(
    "Commands must name a program and use known placeholders",
    arguments: [
      ("[launch]\nrun = []", "2:7: error: 'run' must not be empty"),
      ("[launch]\nrun = [\"\", \"x\"]", "2:7: error: 'run' names no program"),
      (
        "[launch]\nrun = [\"claude\", \"{breif}\"]",
        "2:18: error: unknown placeholder '{breif}' in 'run'; did you mean '{brief}'? | known placeholders: {worktree} "
          + "{stream} {branch} {base} {brief} {brief-file}"
      ),
      (
        "[merge]\nrun = [\"gh\", \"{issue}\"]",
        "2:14: error: unknown placeholder '{issue}' in 'run' | known placeholders: {worktree} {stream} {branch} {base}"
      ),
    ])
  func commands(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test("Braces that are no placeholder are left alone")
  func braces() {
    #expect(
      faults("[merge]\nrun = [\"a\", \"{}\", \"{{.Name}}\", \"{{name}}\", \"{print $1}\", \"{branch}{\"]").isEmpty)
  }

  @Test(
    "What a table must have is missed at its header",
    arguments: [
      ("[streams.ws1]\nname = \"x\"", "1:10: error: [streams.ws1] has no 'branch'"),
      ("\n[[checks]]\nname = \"a\"", "2:3: error: [[checks]] has no 'run'"),
      ("[[checks]]\nrun = [\"a\"]", "1:3: error: [[checks]] has no 'name'"),
      ("[[shared]]\nmerge = \"text\"", "1:3: error: [[shared]] has no 'paths'"),
      ("[[after-sync]]\npaths = [\"a\"]", "1:3: error: [[after-sync]] has no 'run'"),
      (stream("ws1", issues: "{ title = \"x\" }"), "3:11: error: an issue has no 'id'"),
      (stream("ws1", "files = [{ new = true }]\n"), "3:10: error: 'files' has no 'path'"),
    ])
  func missing(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test(
    "Keys that mean nothing together are refused",
    arguments: [
      ("[[shared]]\npaths = [\"a\"]\nmerge = \"regenerate\"", "3:9: error: merge = \"regenerate\" needs a 'run'"),
      ("[[shared]]\npaths = [\"a\"]\nrun = [\"x\"]", "3:7: error: 'run' is only for merge = \"regenerate\""),
      (
        "[[shared]]\npaths = [\"a\"]\nversions = \"higher\"", "3:12: error: 'versions' is only for merge = \"manifest\""
      ),
      (
        "[[checks]]\nname = \"a\"\nrun = [\"x\"]\n[[checks]]\nname = \"a\"\nrun = [\"y\"]",
        "5:8: error: two checks are named 'a'"
      ),
      ("[[checks]]\nname = \"a\"\nrun = [\"x\"]\nwhen = []", "4:8: error: 'when' must not be empty"),
      (
        "[[checks]]\nname = \"a\"\nrun = [\"x\"]\ntimeout = \"0s\"",
        "4:11: error: 'timeout' must be longer than nothing"
      ),
      (
        "[[checks]]\nname = \"a\"\nrun = [\"x\"]\nenv = [\"A=1\"]",
        "4:8: error: 'env' names variables without their values, not 'A=1'"
      ),
    ])
  func combinations(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test(
    "Rules are known by id and by prefix",
    arguments: [
      (
        "[rules]\n\"ownerhsip\" = \"off\"", "2:1: error: unknown rule 'ownerhsip' in [rules]; did you mean 'ownership'?"
      ),
      ("[rules]\nexport = \"off\"", "2:1: error: unknown rule 'export' in [rules]; did you mean 'exports'?"),
      (
        "[rules]\nmessage.scoep = \"off\"",
        "2:9: error: unknown rule 'message.scoep' in [rules]; did you mean 'message.scope'?"
      ),
      (
        "[rules]\nexports = \"warning\"",
        "2:11: error: 'exports' must be \"error\", \"warn\" or \"off\", not \"warning\""
      ),
    ])
  func rulesFaults(text: String, fault: String) {
    #expect(faults(text) == [fault])
  }

  @Test(
    "Patterns that cannot match are refused",
    arguments: [
      ("", "is empty", ""), ("/a", "starts with '/'", " | patterns start at the top of the repository anyway: 'a'"),
      ("a//b", "has two slashes in a row", ""),
      ("./a", "has a component '.' or '..', which no path has", " | write 'a'"),
      (
        "!a", "is negated, which means nothing here",
        #" | for a name that starts with '!' write '\\!' in a TOML string"#
      ),
      ("[a", "has a '[' without ']'", ""), ("[b-a]", "has a range that runs backwards", ""),
      ("[[:digit:]]", "has a character class", " | write a range, such as [a-z]"), ("{a", "has a '{' without '}'", ""),
      ("a}", "has a '}' without '{'", ""), ("{{{{{{{{{{{{{{{{{{", "stands for more than 128 alternatives", ""),
      (#"a\"#, "ends in a backslash", ""),
    ])
  func patterns(pattern: String, reason: String, hint: String) {
    #expect(
      faults(stream("ws1", "files = ['\(pattern)']\n")) == ["3:10: error: pattern '\(pattern)' \(reason)\(hint)"])
  }

  @Test("Streams have an id, a branch and a directory of their own")
  func streams() {
    #expect(
      faults("[streams.\"a b\"]\nbranch = \"x\"")
        == ["1:10: error: stream id 'a b' may hold only letters, digits, '-', '_' and '.' within"])
    #expect(
      faults(stream("ws1") + stream("WS1")) == ["3:10: error: the stream ids 'ws1' and 'WS1' differ in case only"])
    #expect(
      faults("[streams.a]\nbranch = \"x\"\n[streams.b]\nbranch = \"x\"")
        == ["4:10: error: the streams 'a' and 'b' are both on branch 'x'"])
    #expect(
      faults("[streams.a]\nbranch = \"main\"\n[project]\ntrunk = \"main\"")
        == ["2:10: error: stream 'a' is on trunk's branch 'main'"])
    #expect(
      faults(stream("a", "dir = \"x\"\n") + stream("b", "dir = \"x\"\n"))
        == ["6:7: error: the streams 'a' and 'b' are both in directory 'x'"])
    #expect(faults("[streams.a]\nbranch = \"-x\"") == ["2:10: error: 'branch' is not a name that git allows: '-x'"])
  }

  @Test("Issues are listed once, and what they come after is known")
  func issues() {
    #expect(
      faults(stream("a", issues: "{ id = \"X-1\" }, { id = \"X-1\" }"))
        == ["3:34: error: issue 'X-1' is twice in stream 'a'"])
    #expect(
      faults(stream("a", issues: "{ id = \"X-1\" }") + stream("b", issues: "{ id = \"X-1\" }"))
        == ["6:18: error: issue 'X-1' is in the streams 'a' and 'b'"])
    #expect(
      faults(stream("a", issues: "{ id = \"SMI-14\" }, { id = \"SMI-2\", after = [\"SMI-14\", \"SMI-15\"] }"))
        == ["3:65: error: unknown issue 'SMI-15' in 'after' of 'SMI-2'; did you mean 'SMI-14'?"])
    let odd = PlanDocument(
      Array(("[project]\nissue-prefix = [\"SMI\", \"OPS\"]\n" + stream("a", issues: "{ id = \"SMI-x\" }")).utf8),
      file: "p", rules: [])
    #expect(
      odd.faults.map(\.description)
        == ["p:5:18: warning: issue 'SMI-x' does not fit issue-prefix, SMI-<digits> or OPS-<digits>"])
    #expect(odd.plan != nil, "a warning does not cost the plan")
  }

  @Test("Rings are printed")
  func rings() {
    let ring = "{ id = \"SMI-1\", after = [\"SMI-2\"] }, { id = \"SMI-2\", after = [\"SMI-1\"] }"
    #expect(
      faults(stream("a", issues: ring)) == ["3:36: error: a ring of dependencies: SMI-1 -> SMI-2 -> SMI-1"])
    #expect(
      faults(stream("a", issues: "{ id = \"X\", after = [\"X\"] }")) == ["3:32: error: a ring of dependencies: X -> X"])
    #expect(
      faults(stream("a", "base = \"b\"\n") + stream("b", "base = \"a\"\n")) == [
        "3:8: error: a ring of bases: a -> b -> a"
      ])
    #expect(
      faults(stream("ws1") + stream("ws2", "base = \"ws9\"\n"))
        == ["5:8: error: unknown stream 'ws9' in 'base' of 'ws2'; did you mean 'ws1'?"])
  }

  @Test("Rounds name known issues and streams, once, in an order that their dependencies allow")
  func rounds() {
    let streams = stream("a", issues: "{ id = \"X-1\" }") + stream("b", issues: "{ id = \"X-2\", after = [\"X-1\"] }")
    #expect(faults("rounds = [[\"X-1\"], [\"b\"]]\n" + streams).isEmpty)
    #expect(
      faults("rounds = [[\"X-1\", \"c\"]]\n" + streams)
        == ["1:19: error: unknown issue or stream 'c' in 'rounds'; did you mean 'a'?"])
    #expect(faults("rounds = [[\"a\"], [\"a\"]]\n" + streams) == ["1:19: error: 'a' is in 'rounds' twice"])
    #expect(
      faults("rounds = [[\"b\"], [\"a\"]]\n" + streams)
        == ["1:12: error: 'X-2' is in round 1, before 'X-1', which it comes after"])
  }

  @Test("All faults are reported, in the order of the text")
  func all() {
    let found = faults("[sync]\nquite = 1\nmode = 2\n[hive]\nshare = 3\n[streams.a]\n[rules]\nx = \"off\"\n")
    #expect(found.map { $0.prefix(4) } == ["2:1:", "3:8:", "5:9:", "6:10", "8:1:"])
  }

  @Test("An empty file is a plan of defaults")
  func empty() {
    for text in ["", "\u{FEFF}", "# nothing\r\n"] {
      let document = PlanDocument(Array(text.utf8), file: "p", rules: [])
      #expect(document.plan == Plan())
      #expect(document.faults.isEmpty)
    }
  }

  @Test("After a byte order mark and CRLF, places are still right")
  func byteOrderMark() {
    #expect(faults("\u{FEFF}sync = 1\r\nhive = 2\r\n").map { $0.prefix(4) } == ["1:8:", "2:8:"])
  }
}
