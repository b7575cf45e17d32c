import Git
import HookSupport
import Inspection
import Platform

/// Has `preflight` compile a plan: hooks carry no TOML reader.
struct PlanCompiler {
  let repository: Repository
  let environment: Environment

  func compile(_ text: [UInt8], _ blob: ObjectID) throws(PlanProblem) -> [UInt8] {
    guard let program = ProgramFile.find(for: repository) else { throw .noCompiler }
    let request = ProcessRequest(
      program, ["plan", "compile", "--blob", "\(blob)"], environment: environment,
      directory: repository.layout.workTree ?? repository.layout.gitDirectory, input: text)
    guard let result = try? ChildProcess.run(request) else { throw .noCompiler }
    guard result.succeeded else {
      throw .faulty(text: String(decoding: result.error, as: UTF8.self), origin: .trunk)
    }
    return result.output
  }
}
