extension ChildProcess {
  /// Runs the requests, at most `limit` at a time, to the end of all; the results are in the order of the requests.
  ///
  /// One that cannot be started is thrown when those before it have ended.
  public static func run(_ requests: [ProcessRequest], sideBySide limit: Int) throws(SystemError) -> [ProcessResult] {
    precondition(limit > 0, "somebody has to run")
    if requests.count == 1 { return [try run(requests[0])] }
    var results = [ProcessResult?](repeating: nil, count: requests.count)
    var running: [(index: Int, child: ChildProcess)] = []
    var next = 0
    while next < requests.count || !running.isEmpty {
      while next < requests.count, running.count < limit {
        running.append((next, try ChildProcess(requests[next])))
        next += 1
      }
      // Each has its pipes moved in turn, so that none of them stands still for long.
      for (position, entry) in running.enumerated().reversed() where entry.child.poll(seconds: 0.001) {
        results[entry.index] = entry.child.finish()
        running.remove(at: position)
      }
    }
    return results.map { $0! }  // each was started and has ended
  }
}
