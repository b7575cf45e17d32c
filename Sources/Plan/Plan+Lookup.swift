extension Plan {
  /// A dependency that leaves a stream: `issue` cannot be done before `prerequisite`, which is another stream's.
  public struct Wait: Hashable, Sendable {
    public var issue: String
    public var prerequisite: String
    /// The stream that does the prerequisite.
    public var stream: String

    public init(issue: String, prerequisite: String, stream: String) {
      self.issue = issue
      self.prerequisite = prerequisite
      self.stream = stream
    }
  }

  public func stream(_ id: String) -> Stream? { streams.first { $0.id == id } }

  /// - Parameter branch: without `refs/heads/`.
  public func stream(onBranch branch: [UInt8]) -> Stream? {
    streams.first { $0.branch.utf8.elementsEqual(branch) }
  }

  public func issue(_ id: String) -> Issue? {
    for stream in streams {
      if let issue = stream.issues.first(where: { $0.id == id }) { return issue }
    }
    return nil
  }

  public func stream(ofIssue id: String) -> Stream? {
    streams.first { stream in stream.issues.contains { $0.id == id } }
  }

  /// What a stream's issues come directly after in other streams, in the order of the plan.
  public func waits(of stream: Stream) -> [Wait] {
    stream.issues.flatMap { issue in
      issue.after.compactMap { prerequisite in
        guard let other = self.stream(ofIssue: prerequisite), other.id != stream.id else { return nil }
        return Wait(issue: issue.id, prerequisite: prerequisite, stream: other.id)
      }
    }
  }
}
