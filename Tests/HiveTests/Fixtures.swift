import Git
import Platform
import TestSupport

@testable import Hive

/// Ann at noon, on `branch`.
func origin(
  at time: Int64 = 1000, person: String = "Ann <ann@example.com>", branch: String? = "one", commit: ObjectID? = nil
) -> HiveRecord.Origin {
  HiveRecord.Origin(
    person: Array(person.utf8), time: time, place: Array("here:/hive".utf8), branch: branch, commit: commit)
}

func claim(_ path: String, _ stream: String, from time: Int64 = 1000, until: Int64 = 8200) -> Claim {
  Claim(path: Array(path.utf8), stream: stream, until: until, origin: origin(at: time))
}

func signal(_ stream: String, _ state: Signal.State, at time: Int64 = 1000, _ text: String = "") -> Signal {
  Signal(stream: stream, state: state, text: Array(text.utf8), origin: origin(at: time))
}

extension TestRepository {
  /// The hive's state, by a clock that stands still.
  func hive(at now: Int64 = 1000) throws -> HiveStore {
    HiveStore(try open(), environment: environment, clock: { now })
  }
}

extension HiveStore {
  func say(_ signal: Signal) throws {
    try change(by: signal.origin) { _ in
      HiveChange("\(signal.stream) is \(signal.state)", [.signal(of: signal.stream): signal.record])
    }
  }

  func remember(_ key: String, _ value: String, at time: Int64 = 1000) throws {
    let record = HiveRecord(origin(at: time), text: Array(value.utf8))
    try change(by: origin(at: time)) { _ in HiveChange("remember \(key)", [.memory(key): record]) }
  }

  func recall(_ key: String) throws -> String? {
    try snapshot().memory(key).map { String(decoding: $0.text, as: UTF8.self) }
  }
}
