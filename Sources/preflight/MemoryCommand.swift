import ArgumentParser
import Hive
import Platform
import Reporting

struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Keeps values under keys for all streams of the hive.",
    subcommands: [Get.self, Set.self, Unset.self, List.self])

  struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "get", abstract: "Prints a value, and nothing else; exit status 1 where there is none.")

    @ArgumentParser.Argument var key: String

    func run() throws {
      let bench = try Workbench()
      guard let record = try bench.withHive({ try $0.snapshot().memory(key) }) else {
        Printer(.error).print("\("error:", .error) nothing is kept under '\(key)'")
        throw ExitStatus.findings
      }
      guard StandardStream.output.isTerminal else { return StandardStream.output.write(record.text) }
      let lines = record.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      Printer(.output).print((lines.last == [] ? lines.dropLast() : lines[...]).map { DisplayText(bytes: $0) })
    }
  }

  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set", abstract: "Keeps a value under a key; without one, what standard input holds.")

    @ArgumentParser.Argument var key: String
    @ArgumentParser.Argument var value: String?

    func validate() throws {
      guard !key.isEmpty else { throw ValidationError("a key has at least one character") }
    }

    func run() throws {
      let bench = try Workbench()
      let text = try value.map { Array($0.utf8) + [UInt8(ascii: "\n")] } ?? StandardStream.input.readToEnd()
      let origin = try bench.origin()
      let record = HiveRecord(origin, text: text)
      bench.showAside(
        try bench.withHive { hive in
          try hive.change(by: origin) { _ in HiveChange("remember \(key)", [.memory(key): record]) }
        })
      try bench.followTrunk()
    }
  }

  struct Unset: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unset", abstract: "Forgets a key.")

    @ArgumentParser.Argument var key: String

    func run() throws {
      let bench = try Workbench()
      let origin = try bench.origin()
      bench.showAside(
        try bench.withHive { hive in
          try hive.change(by: origin) { state in
            guard try state.memory(key) != nil else { return nil }
            return HiveChange("forget \(key)", [.memory(key): nil])
          }
        })
      try bench.followTrunk()
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Shows the keys, with the first lines of their values, and who set them.")

    @Flag(help: "The list as JSON.")
    var json = false

    func run() throws {
      let bench = try Workbench()
      let memories = try bench.withHive { try $0.snapshot().memories() }
      if json {
        let values = memories.map { key, record -> JSONValue in
          [
            "key": .string(key), "value": .string(String(decoding: record.text, as: UTF8.self)),
            "time": .integer(Int(record.origin.time)),
            "by": .string(String(decoding: record.origin.person, as: UTF8.self)),
          ]
        }
        let document: JSONValue = ["version": 1, "memory": .array(values)]
        return StandardStream.output.write(document.text + "\n")
      }
      guard !memories.isEmpty else { return Printer(.output).print("nothing is kept") }
      var table = Table([
        .init("key"), .init("value", isFlexible: true), .init("by", isFlexible: true), .init("ago", .right),
      ])
      for (key, record) in memories {
        let line = record.text.prefix { $0 != UInt8(ascii: "\n") }
        let name = record.origin.person.split(separator: UInt8(ascii: "<")).first ?? []
        table.append([
          "\(key)", DisplayText(bytes: line), DisplayText(bytes: name.trimmingSpaces),
          "\(age(of: record.origin.time, at: bench.hive.now))",
        ])
      }
      Printer(.output).print(table)
    }
  }
}

extension ArraySlice<UInt8> {
  var trimmingSpaces: ArraySlice<UInt8> {
    var result = self
    while result.last == UInt8(ascii: " ") { result.removeLast() }
    return result
  }
}
