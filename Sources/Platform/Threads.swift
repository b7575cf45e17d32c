import CPlatform

/// Runs `body` for each index, on as many threads as there are processors, and returns when all have.
///
/// - Parameter body: called on any of the threads, never twice for one index.
public func runConcurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  guard count > 1, CurrentProcess.processorCount > 1 else { return (0..<count).forEach(body) }
  let work = Work(count: count, body: body)
  let threads = (1..<min(count, CurrentProcess.processorCount)).compactMap { _ in Thread(work) }
  work.run()
  threads.forEach { $0.join() }
}

private final class Work: Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Void
  private let next = Counter()

  init(count: Int, body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.body = body
  }

  func run() {
    while true {
      let index = next.take()
      guard index < count else { return }
      body(index)
    }
  }
}

/// A number that several threads count up.
private final class Counter: @unchecked Sendable {  // the pointer is only used atomically
  private let value = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  init() { value.initialize(to: 0) }

  func take() -> Int { preflight_take_number(value) }

  deinit { value.deallocate() }
}

private struct Thread {
  private let id: UnsafeMutablePointer<preflight_thread>

  /// `nil` where the system gives no thread: the others do its work.
  init?(_ work: Work) {
    id = .allocate(capacity: 1)
    let argument = Unmanaged.passRetained(work).toOpaque()
    let code = preflight_start_thread(id, argument) { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().run() }
    guard code == 0 else {
      Unmanaged<Work>.fromOpaque(argument).release()
      id.deallocate()
      return nil
    }
  }

  func join() {
    preflight_join_thread(id)
    id.deallocate()
  }
}
