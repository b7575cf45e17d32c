import Git
import Plan
import Platform

/// Why there is no plan to judge by.
public enum PlanProblem: Error, Sendable, Hashable {
  /// `preflight.toml` is there, and has faults; `text` is what `preflight plan check` says of it.
  case faulty(text: String, origin: LoadedPlan.Origin)
  /// Nothing could compile it: the program `preflight` was not found.
  case noCompiler
}

/// Finds the plan: trunk's, so that a stale or edited copy on a branch neither weakens nor blinds a guard.
public struct PlanSource {
  public static let fileName = "preflight.toml"

  private let repository: Repository
  /// Turns the text of a plan file into its compiled form; see `PlanCompiler`.
  private let compile: ([UInt8], ObjectID) throws(PlanProblem) -> [UInt8]

  public init(_ repository: Repository, compile: @escaping ([UInt8], ObjectID) throws(PlanProblem) -> [UInt8]) {
    self.repository = repository
    self.compile = compile
  }

  /// `nil` where neither trunk nor this worktree has a plan.
  public func load(trunk: Trunk?) throws -> LoadedPlan? { try load(trunkPlan: trunk.flatMap { try blob(at: $0.tip) }) }

  /// The plan file of a commit; `nil` where it has none.
  func blob(at commit: ObjectID) throws -> ObjectID? {
    try repository.entry(at: Self.fileName.utf8, in: repository.commit(commit).tree)?.id
  }

  /// - Parameter trunkPlan: the plan file of trunk's tip.
  func load(trunkPlan: ObjectID?) throws -> LoadedPlan? {
    if let trunkPlan {
      return try load(trunkPlan, origin: .trunk) { () throws(GitError) in try repository.blob(trunkPlan) }
    }
    guard let workTree = repository.layout.workTree,
      let text = try (workTree / Self.fileName).contentsIfPresent()
    else { return nil }
    return try load(repository.blobID(of: text), origin: .worktree) { () throws(GitError) in text }
  }

  /// What is wrong with a plan file that is about to be committed; `nil` when it can be read, or when nobody can tell.
  func faults(in text: [UInt8], blob: ObjectID) -> String? {
    do { _ = try compile(text, blob) } catch .faulty(let text, _) { return text } catch { return nil }
    return nil
  }

  /// The compiled form is a cache in the common git directory under the blob's id: damaged or of another version means
  /// made again.
  private func load(
    _ blob: ObjectID, origin: LoadedPlan.Origin, text: () throws(GitError) -> [UInt8]
  ) throws -> LoadedPlan {
    let file = repository.layout.stateDirectory / "plans/\(blob)"
    if let bytes = PlanBytes(file), let plan = LoadedPlan(bytes, origin: origin, blob: blob) { return plan }
    let block: [UInt8]
    do { block = try compile(try text(), blob) } catch PlanProblem.faulty(let text, _) {
      throw PlanProblem.faulty(text: text, origin: origin)
    }
    // Somebody may have no right to write here; the plan is good all the same.
    try? file.parent.createDirectories()
    try? file.write(block)
    guard let plan = LoadedPlan(PlanBytes(block), origin: origin, blob: blob) else { throw PlanProblem.noCompiler }
    return plan
  }
}
