import Foundation
import Platform
import Testing

@Suite("Children side by side")
struct SideBySideTests {
  @Test("Results come in the order of the requests, whoever ends first")
  func order() throws {
    let requests = (0..<6).map { number in
      ProcessRequest(
        "sh", ["-c", "cat; sleep 0.0\(number % 2 * 5); echo \(number); exit \(number)"], input: Array("in ".utf8))
    }
    let results = try ChildProcess.run(requests, sideBySide: 3)
    #expect(results.map { String(decoding: $0.output, as: UTF8.self) } == (0..<6).map { "in \($0)\n" })
    #expect(results.map(\.exitStatus) == Array(0..<6))
    #expect(try ChildProcess.run([], sideBySide: 2).isEmpty)
  }

  @Test("More than fits into a pipe comes through, of all of them")
  func large() throws {
    let requests = (0..<3).map { _ in ProcessRequest("sh", ["-c", "head -c 300000 /dev/zero"]) }
    #expect(try ChildProcess.run(requests, sideBySide: 3).map(\.output.count) == [300000, 300000, 300000])
  }
}

@Suite("Threads side by side")
struct ThreadTests {
  @Test("Values come in the order of their indexes, and no thread opens what it needs twice")
  func order() throws {
    let opened = Opened()
    let values = mapConcurrently(200) {
      opened.add()
      return { index in "\(index)" }
    }
    #expect(values == (0..<200).map { "\($0)" })
    #expect((1...max(CurrentProcess.processorCount, 1)).contains(opened.count))
    #expect(mapConcurrently(0) { { $0 } } == [])
  }

  @Test("A value that is found meanwhile is found once, whether somebody asks for it or not")
  func meanwhile() {
    let opened = Opened()
    let values = (0..<20).map { index in
      ConcurrentValue {
        opened.add()
        return index
      }
    }
    #expect(values.reversed().map { $0.get() } == (0..<20).reversed())
    #expect(values[3].get() == 3)
    do { _ = ConcurrentValue { opened.add() } }
    #expect(opened.count == 21)
  }

  private final class Opened: @unchecked Sendable {  // under the lock
    private let lock = NSLock()
    private(set) var count = 0

    func add() { lock.withLock { count += 1 } }
  }
}
