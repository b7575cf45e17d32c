import Git
import Plan
import Platform
import Testing

@testable import Reporting
@testable import Sync
@testable import WorkReports

@Suite("The conflict map in words")
struct ConflictWordsTests {
  private func map(_ streams: Int) throws -> ConflictMap {
    let id = try #require(ObjectID(hex: String(repeating: "a", count: 40)))
    let directory = FilePath("/hive")
    let sides = (0...streams).map { index in
      var stream = Plan.Stream()
      stream.id = "a-stream-with-a-long-name-\(index)"
      let worktree = Worktree(
        path: directory / "\(index)", gitDirectory: directory, commonDirectory: directory, head: nil, isMain: false,
        lockReason: nil)
      return ConflictMap.Side(
        branch: "refs/heads/main", stream: index == 0 ? nil : stream, worktree: index == 0 ? nil : worktree, tip: id,
        uncommitted: index == 2 ? nil : index * 100)
    }
    let cells = sides.indices.flatMap { one in
      sides.indices.filter { $0 > one }.map { other -> ConflictMap.Cell in
        let files = (0..<other).map { ConflictMap.FileConflict(path: Array("\($0)".utf8), regions: []) }
        let verdict: ConflictMap.Verdict = other == 3 ? .unknown : one == 1 ? .conflict(files) : .clean
        return .init(one: one, other: other, verdict: verdict)
      }
    }
    return ConflictMap(sides: sides, cells: cells, decidedByGit: 0, asked: 0)
  }

  @Test(
    "A table of any number of worktrees fits into 80 columns, with a column for each of twelve", arguments: [3, 12, 50])
  func width(streams: Int) throws {
    let map = try map(streams)
    #expect(map.cells.count == (streams + 1) * streams / 2)
    #expect(map[2, 1] == map[1, 2])
    let lines = ConflictWords(map, []).table.lines(width: 80)
    #expect(lines.count == streams + 1)
    #expect(lines.allSatisfy { $0.width <= 80 })
    #expect(lines[0].plain.hasSuffix(streams > 12 ? "conflicts with" : " \(streams)"))
  }

  @Test("Clean, in conflict, unknown and not looked at have a sign each")
  func signs() throws {
    let map = try map(4)
    #expect(
      ConflictWords(map, []).table.lines(width: 40).map(\.plain) == [
        "#  stream       dirty  trunk  1  2  3  4", "1  a-stream-w…    100      -  .  2  ?  4",
        "2  a-stream-w…      ?      -  2  .  ?  -", "3  a-stream-w…    300      ?  ?  ?  .  -",
        "4  a-stream-w…    400      -  4  -  -  .",
      ])
  }
}
