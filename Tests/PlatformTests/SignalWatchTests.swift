import Foundation
import Platform
import Testing

@Suite("Signals", .serialized, .timeLimit(.minutes(1)))
struct SignalWatchTests {
  @Test("A signal is noted while somebody watches, and the second one is impatience")
  func noted() {
    let former = [SIGTERM, SIGINT].map { ($0, signal($0, SIG_DFL)) }  // whoever runs the tests may ignore them
    defer { for (number, handler) in former { signal(number, handler) } }
    let watch = SignalWatch()
    let before = watch.interruption
    kill(getpid(), SIGTERM)  // to the process: the thread that a test runs on may block signals
    while watch.interruption == nil { Clock.sleep(seconds: 0.001) }
    let first = watch.interruption
    kill(getpid(), SIGINT)
    while watch.interruption == first { Clock.sleep(seconds: 0.001) }
    let second = watch.interruption
    #expect(before == nil)
    #expect(first == Interruption(signal: SIGTERM))
    #expect(second == Interruption(signal: SIGTERM, isRepeated: true))
  }

  @Test("A signal that was ignored stays ignored")
  func ignored() {
    let former = signal(SIGHUP, SIG_IGN)
    defer { signal(SIGHUP, former) }
    let watch = SignalWatch()
    kill(getpid(), SIGHUP)
    Clock.sleep(seconds: 0.05)
    let noted = watch.interruption
    #expect(noted == nil)
  }
}

@Suite("The process")
struct CurrentProcessTests {
  @Test("Only a process that is there is alive")
  func isAlive() throws {
    #expect(CurrentProcess.isAlive(CurrentProcess.id))
    #expect(!CurrentProcess.isAlive(0))
    #expect(!CurrentProcess.isAlive(-1))
    let child = try ChildProcess(ProcessRequest("true", []))
    _ = child.finish()
    #expect(!CurrentProcess.isAlive(child.id))
  }

  @Test("There is at least one processor, and the executable has a path")
  func facts() throws {
    #expect(CurrentProcess.processorCount >= 1)
    #expect(try CurrentProcess.executable().isAbsolute)
  }
}
