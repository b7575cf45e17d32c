import Git
import Inspection
import Installation
import Platform

/// Has `preflight` compile a plan: hooks carry no TOML reader.
struct PlanCompiler {
  let repository: Repository
  let environment: Environment

  func compile(_ text: [UInt8], _ blob: ObjectID) throws(PlanProblem) -> [UInt8] {
    guard let program else { throw .noCompiler }
    let request = ProcessRequest(
      program, ["plan", "compile", "--blob", "\(blob)"], environment: environment,
      directory: repository.layout.workTree ?? repository.layout.gitDirectory, input: text)
    guard let result = try? ChildProcess.run(request) else { throw .noCompiler }
    guard result.succeeded else {
      throw .faulty(text: String(decoding: result.error, as: UTF8.self), origin: .trunk)
    }
    return result.output
  }

  /// The recorded program, else the one that this hook was built with.
  private var program: FilePath? {
    if let recorded = try? repository.configuration()[Installer.programKey], FilePath(recorded).canBeExecuted {
      return FilePath(recorded)
    }
    guard let own = try? CurrentProcess.executable() else { return nil }
    return [own.parent / "preflight", own.parent / "../../bin/preflight"].first { $0.canBeExecuted }
  }
}
