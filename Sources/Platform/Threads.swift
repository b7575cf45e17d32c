import CPlatform

/// Runs `body` for each index, on as many threads as there are processors, and returns when all have.
///
/// - Parameter body: called on any of the threads, never twice for one index.
public func runConcurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  Work(count: count) { body }.share()
}

/// What `makeBody` gives for each index, in the order of the indexes, found on as many threads as there are processors.
///
/// - Parameter makeBody: called once on every thread that has something to do: what it opens is that thread's own.
public func mapConcurrently<Value: Sendable>(
  _ count: Int, _ makeBody: @escaping @Sendable () -> (Int) -> Value
) -> [Value] {
  let slots = Slots<Value>(count)
  Work(count: count) {
    let body = makeBody()
    return { slots.set($0, body($0)) }
  }.share()
  return slots.values
}

private final class Work: Sendable {
  private let count: Int
  private let makeBody: @Sendable () -> (Int) -> Void
  private let next = Counter()

  init(count: Int, makeBody: @escaping @Sendable () -> (Int) -> Void) {
    self.count = count
    self.makeBody = makeBody
  }

  /// Returns when all is done.
  func share() {
    let others = max(min(count, CurrentProcess.processorCount) - 1, 0)
    let threads = (0..<others).compactMap { _ in Thread { self.run() } }
    run()
    threads.forEach { $0.join() }
  }

  func run() {
    var index = next.take()
    guard index < count else { return }
    let body = makeBody()
    while index < count {
      body(index)
      index = next.take()
    }
  }
}

/// A place for each value, filled by whichever thread has found it.
private final class Slots<Value>: @unchecked Sendable {  // each is written once, and all are read after the last was
  private let places: UnsafeMutablePointer<Value>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    places = .allocate(capacity: count)
  }

  func set(_ index: Int, _ value: Value) { (places + index).initialize(to: value) }

  /// Only when all are set.
  var values: [Value] { Array(UnsafeBufferPointer(start: places, count: count)) }

  deinit {
    places.deinitialize(count: count)
    places.deallocate()
  }
}

/// A number that several threads count up.
private final class Counter: @unchecked Sendable {  // the pointer is only used atomically
  private let value = UnsafeMutablePointer<Int>.allocate(capacity: 1)

  init() { value.initialize(to: 0) }

  func take() -> Int { preflight_take_number(value) }

  deinit { value.deallocate() }
}

/// A value that another thread finds while this one goes on.
public final class ConcurrentValue<Value: Sendable> {
  private let found: Found<Value>
  private var thread: Thread?

  public init(_ body: @escaping @Sendable () -> Value) {
    let found = Found(body)
    self.found = found
    thread = Thread { found.find() }
  }

  /// Waits for it.
  public func get() -> Value {
    join()
    found.find()  // where the system has given no thread
    return found.value!  // by now it has been found
  }

  private func join() {
    thread?.join()
    thread = nil
  }

  deinit { join() }
}

/// Touched by one thread, and after that has ended by another.
private final class Found<Value: Sendable>: @unchecked Sendable {
  private let body: @Sendable () -> Value
  private(set) var value: Value?

  init(_ body: @escaping @Sendable () -> Value) { self.body = body }

  func find() { if value == nil { value = body() } }
}

private struct Thread {
  private let id: UnsafeMutablePointer<preflight_thread>

  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// `nil` where the system gives no thread: the others do its work.
  init?(_ body: @escaping @Sendable () -> Void) {
    id = .allocate(capacity: 1)
    let argument = Unmanaged.passRetained(Body(body)).toOpaque()
    let code = preflight_start_thread(id, argument) { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
    guard code == 0 else {
      Unmanaged<Body>.fromOpaque(argument).release()
      id.deallocate()
      return nil
    }
  }

  func join() {
    preflight_join_thread(id)
    id.deallocate()
  }
}
