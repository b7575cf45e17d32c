import Testing

@testable import Checks

@Suite("What stands before the program of a check")
struct CommandWrapperTests {
  @Test(
    "Known wrappers end where their program begins, whatever their options",
    arguments: [
      ("docker exec dev | npm test", "docker exec"), ("docker exec -it -e A=b -w /app dev | npm test", "docker exec"),
      ("docker -H tcp://x exec --user 1 dev | npm", "docker exec"),
      ("docker compose --project-directory /w exec -T dev | npm run lint", "docker compose exec"),
      ("docker compose -f a.yml run --rm --no-deps dev | make", "docker compose run"),
      ("docker-compose exec -T dev | npm test", "docker-compose exec"),
      ("docker run --rm -v /w:/w -w /w --entrypoint= node | npm test", "docker run"),
      ("/usr/local/bin/podman container exec dev | cargo test", "podman container exec"),
      ("env A=b timeout -k 5 600 docker exec dev | npm test", "docker exec"),
      ("kubectl -n x exec pod -c dev -- | go test ./...", "kubectl"),
      ("devcontainer exec --workspace-folder /w | npm test", "devcontainer exec"),
      ("nix develop .#ci -c | just test", "nix"), ("sudo -u ci docker exec dev nice -n 5 | npm", "docker exec"),
    ])
  func known(text: String, name: String) throws {
    let command = text.split(separator: " ").map(String.init)
    let end = try #require(command.firstIndex(of: "|"))
    let wrapper = try #require(CommandWrapper(command.filter { $0 != "|" }))
    #expect(wrapper.words == Array(command[..<end]))
    #expect(wrapper.name == name)
  }

  @Test(
    "Without a wrapper, or with nothing behind it, there is none",
    arguments: [
      "npm test", "sh tests/run.sh", "env A=b npm test", "timeout 5 make", "docker build .", "docker exec dev",
      "docker compose up -d", "docker", "kubectl get pods", "sh -c docker", "",
    ])
  func none(text: String) {
    #expect(CommandWrapper(text.split(separator: " ").map(String.init)) == nil)
  }
}
