"""Rows about many worktrees at once: moving them all, and the map of their conflicts; see README.md in this directory."""

import itertools
import json
import statistics
import sys
import time

BARREL = "src/index.ts"


def file_in(directory, file):
    """The path of a file in one of the directories: a hundred of them in each of the directories above. Repositories grow so, by
    more packages and modules and not by longer lists: of ten times as many files there are ten times as many directories, as wide."""
    return f"src/g{directory // 100:02}/d{directory % 100:02}/{file}"


def files(count):
    return {file_in(index // 100, f"f{index:06}.txt"): f"file {index}\n" for index in range(count)}


class History:
    """Streams on trunk as input for git fast-import: the same commits, and so the same ids, wherever they are made."""

    def __init__(self, start):
        self.text, self.mark, self.clock = [], 0, 1700000100
        self.tips = {"main": start}

    def commit(self, branch, files):
        self.mark += 1
        self.clock += 1
        self.text.append(f"commit refs/heads/{branch}\nmark :{self.mark}\ncommitter Bench <bench@example.com> {self.clock} +0000\n"
                         f"data 15\nfeat: a change\n\nfrom {self.tips[branch]}\n")
        for path, text in files.items():
            self.text.append(f"D {path}\n" if text is None else f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
        self.tips[branch] = f":{self.mark}"

    def stream(self, branch, commits):
        self.tips[branch] = self.tips["main"]
        for files in commits:
            self.commit(branch, files)


def barrel(line=None, text=None):
    """Six hundred exports, one of them changed."""
    return "".join(f"export * from './{text}.js'\n" if index == line else f"export * from './m{index}.js'\n" for index in range(600))


def stream_commits(number):
    """Two files of the stream's own, one that is new, and a line of the file that all of them change."""
    return [
        {file_in(number, f"f{number * 100:06}.txt"): f"stream {number}\n"},
        {file_in(number, "new.txt"): "new\n", file_in(number, f"f{number * 100 + 1:06}.txt"): f"stream {number}\n"},
        {BARREL: barrel(number * 10, f"stream{number}")},
    ]


def build(bench, name, count, streams, extra=(), checkout=True, moved=None):
    """A repository with `count` files, and a worktree for each stream; `extra` are streams' commits by their number, `moved` is
    one on trunk, on a branch of that name."""
    path = bench.repository(name, files(count) | {BARREL: barrel(), "preflight.toml": '[sync]\nquiet = "0s"\n'})
    bench.git(path, "repack", "-adq")
    history = History(bench.git(path, "rev-parse", "main").stdout.strip())
    for number in range(streams):
        if number == streams // 2:  # the others stand on a newer trunk
            history.commit("main", {file_in(0, "f000099.txt"): "trunk\n", BARREL: barrel(599, "trunk")})
        commits = stream_commits(number) + ([dict(extra)[number]] if number in dict(extra) else [])
        if number >= streams // 2:
            commits = [{path: text.replace("./m599.js", "./trunk.js") if path == BARREL else text
                        for path, text in commit.items()} for commit in commits]
        history.stream(f"s{number:02}", commits)
    if moved:
        history.stream("moved", [moved])
    bench.git(path, "fast-import", "--quiet", "--force", stdin="".join(history.text))
    bench.git(path, "reset", "-q", "--hard")
    places = []
    for number in range(streams):
        place = bench.work / f"{name}-s{number:02}"
        words = [] if checkout else ["--no-checkout"]
        bench.git(path, "worktree", "add", "-q", *words, place, f"s{number:02}")
        places.append(place)
    return path, places


# --- sync


def sync_row(bench):
    """Trunk moves; twenty worktrees with three commits each follow it, by us and by a loop of git rebase."""
    count, streams, rounds = (2_000, 20, 3) if bench.options.quick else (10_000, 20, 5)
    sides = [build(bench, name, count, streams) for name in ("sync-ours", "sync-theirs")]
    loop = bench.work / "loop.sh"
    loop.write_text(f"for w in {' '.join(map(str, sides[1][1]))}; do git -C $w rebase -q main || exit 1; done\n")
    tries = itertools.count()

    def measure():
        times = ([], [])
        for _ in range(rounds):
            for side, seconds in enumerate(sync_once(bench, sides, loop, next(tries), count)):
                times[side].append(seconds)
            same_trees(bench, [path for path, _ in sides], streams)
        ours, theirs = map(statistics.median, times)
        return [bench.row(f"sync, {streams} worktrees x 3 commits, {count} files", ours, theirs, 0.25,
                          [[round(value * 1000, 1) for value in side] for side in times],
                          # Among so few files git has less to read, and starting two processes for each worktree shows.
                          reached=0.35 if bench.options.quick else None)]

    return measure


def sync_once(bench, sides, loop, number, count):
    """Moves trunk on both sides and then everybody; seconds for ours and for the loop."""
    time.sleep(1.1)  # an index written in the second of its files is not fresh: git would read them again
    for path, places in sides:
        for index in range(5):
            (path / file_in(70 % (count // 100), f"trunk{index}.txt")).write_text(f"{number}\n")
        bench.git(path, "add", ".")
        bench.git(path, "commit", "-q", "-m", f"feat: trunk {number}")
        for place in places:
            bench.git(place, "status", "--porcelain")
    commands = [[bench.bin / "preflight", "sync", "--no-fetch"], ["sh", loop]]
    seconds = [0.0, 0.0]
    for side in [0, 1] if number % 2 == 0 else [1, 0]:
        start = time.perf_counter()
        bench.run(*commands[side], cwd=sides[side][0])
        seconds[side] = time.perf_counter() - start
    return seconds


def same_trees(bench, paths, streams):
    names = [f"s{number:02}^{{tree}}" for number in range(streams)]
    found = [bench.git(path, "rev-parse", *names).stdout for path in paths]
    bases = [[bench.git(path, "merge-base", name[:3], "main").stdout for name in names] for path in paths]
    tips = [bench.git(path, "rev-parse", "main").stdout for path in paths]
    if found[0] != found[1] or any(set(side) != {tip} for side, tip in zip(bases, tips)):
        sys.exit("sync and git rebase do not come to the same trees")
    for path in paths:
        for number in range(streams):
            if bench.git(path.parent / f"{path.name}-s{number:02}", "status", "--porcelain").stdout:
                sys.exit(f"{path.name}-s{number:02} is not clean")


# --- the conflict map


def map_commands(bench, name, path, streams, options):
    """Ours, without what it remembers, and the loop; the loop's objects go elsewhere."""
    objects = bench.work / f"{name}-objects"
    objects.mkdir(exist_ok=True)
    ours, theirs, forget = (bench.work / f"{name}-{part}.sh" for part in ("ours", "theirs", "forget"))
    ours.write_text(f"cd {path} && {bench.bin}/preflight conflicts --json {options} >{bench.work}/{name}.json; [ $? -le 1 ]\n")
    forget.write_text(f"rm -f {path}/.git/preflight/predictions\n")
    names = ["main"] + [f"s{number:02}" for number in range(streams)]
    pairs = [(one, other) for index, one in enumerate(names) for other in names[index + 1:]]
    # One shell for all pairs: what it costs besides git is nothing.
    theirs.write_text(
        f"cd {path}\nexport GIT_OBJECT_DIRECTORY={objects} GIT_ALTERNATE_OBJECT_DIRECTORIES={path}/.git/objects\n"
        + "".join(f"git merge-tree --write-tree {one} {other} >/dev/null; echo $? >&3\n" for one, other in pairs))
    return ours, theirs, forget, pairs


def map_times(bench, name, path, streams, options=""):
    ours, theirs, forget, pairs = map_commands(bench, name, path, streams, options)
    verdicts = bench.work / f"{name}-verdicts"
    mine = bench.medians(name, [f"sh {ours}"], [f"sh {forget}"])[0]
    start = time.perf_counter()
    bench.run("sh", "-c", f"exec sh {theirs} 3>{verdicts}")
    loop = time.perf_counter() - start
    cells = json.loads((bench.work / f"{name}.json").read_text())["pairs"]
    expected = [{"0": "clean", "1": "conflict"}[line] for line in verdicts.read_text().split()]
    if [cell["verdict"] for cell in cells] != expected or len(expected) != len(pairs):
        sys.exit("the conflict map and git merge-tree do not agree")
    return mine, loop, {"pairs": len(pairs), "conflicts": expected.count("conflict")}


def conflicts_row(bench):
    """All pairs of fifty worktrees and trunk, cold; every stream changes one barrel, two pairs conflict in it."""
    count, streams = (6_000 if bench.options.quick else 10_000), 50
    clash = {1: {BARREL: barrel(50, "clash1")}, 5: {BARREL: barrel(51, "clash5")}, 7: {file_in(3, "f000300.txt"): None}}
    path, _ = build(bench, "map", count, streams, clash.items(), checkout=False)

    def measure():
        ours, theirs, detail = map_times(bench, "map", path, streams, "--no-dirty")
        return [bench.row(f"conflict map, {streams} worktrees, {count} files", ours, theirs, 0.05, detail)]

    return measure


def growth_rows(bench):
    """The same changes among ten times as many files: the map, and replays of three commits each, of which the last conflicts, so
    that nothing but the replay is done."""
    small, large, streams = (2_000, 20_000, 10) if bench.options.quick else (10_000, 100_000, 20)
    clash = {BARREL: barrel().replace(".js'", ".ts'"), file_in(1, "f000199.txt"): "moved\n"}
    maps, replays = [], []
    for count in (small, large):
        path, _ = build(bench, f"growth{count}", count, streams, checkout=False, moved=clash)
        script, replay = bench.work / f"growth{count}.sh", bench.work / f"replay{count}.sh"
        script.write_text(f"cd {path} && rm -f .git/preflight/predictions && {bench.bin}/preflight conflicts --no-dirty >/dev/null; [ $? -le 1 ]\n")
        replay.write_text(f"cd {path} && {bench.bin}/preflight sync --no-fetch --onto moved >/dev/null 2>&1; [ $? -eq 1 ]\n")
        report = json.loads(bench.run("preflight", "sync", "--no-fetch", "--onto", "moved", "--json", cwd=path, ok=False).stdout)
        found = sum(entry["outcome"] == "conflict" for entry in report["entries"])
        if found != streams:
            sys.exit(f"{found} of {streams} streams conflict")
        maps.append(f"sh {script}")
        replays.append(f"sh {replay}")

    def measure():
        rows = []
        for name, commands in (("conflict map", maps), (f"replay of {streams} streams", replays)):
            before, after = bench.medians("growth", commands)
            rows.append(bench.row(f"{name}, {large} files against {small}", after, before, 1.5))
        return rows

    return measure
