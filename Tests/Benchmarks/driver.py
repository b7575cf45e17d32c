"""The merge driver against git's own merge of lines."""


def driver_row(bench):
    """A barrel of 60 statements in which both sides have brought a stub to life, side by side: lines alone would conflict. git
    merges the same file with two changes far from each other."""
    repository = bench.work / "driver"
    repository.mkdir()
    bench.git(repository, "init", "--quiet", "--initial-branch", "main")
    bench.git(repository, "config", "user.name", "A U Thor")
    bench.git(repository, "config", "user.email", "author@example.com")
    statements = [f"{'' if number < 40 else '// '}export * from './m{number}.js'\n" for number in range(60)]
    (repository / "src").mkdir()
    (repository / "src/index.ts").write_text("".join(statements))
    (repository / "preflight.toml").write_text('[[shared]]\npaths = ["src/index.ts"]\nmerge = "barrel"\n')
    bench.git(repository, "add", "--all")
    bench.git(repository, "commit", "--quiet", "--message", "feat: start")
    bench.run(bench.bin / "preflight", "install", cwd=repository)

    def version(name, *lines):
        (repository / name).write_text("".join(lines))
        return repository / name

    def changed(number, change):
        return [change(line) if index == number else line for index, line in enumerate(statements)]

    base = version("base", *statements)
    alive = [version(f"alive{number}", *changed(number, lambda line: line[3:])) for number in (45, 46)]
    apart = [version(f"apart{number}", *changed(number, lambda line: line.replace(".js", ".mjs"))) for number in (3, 50)]

    driver, lines = bench.work / "driver.sh", bench.work / "driver-git.sh"
    driver.write_text(f"cd {repository} && exec {bench.hooks}/preflight-merge {base} {alive[0]} {alive[1]} 7 src/index.ts\n")
    lines.write_text(f"cd {repository} && exec git merge-file -p {apart[0]} {base} {apart[1]}\n")
    bench.run("sh", driver)
    merged = "".join(line[3:] if index in (45, 46) else line for index, line in enumerate(statements))
    if alive[0].read_text() != merged:
        raise SystemExit(f"the driver has not merged the barrel:\n{alive[0].read_text()}")
    return lambda: [bench.row(
        "merge driver, barrel of 60, against merge-file", *bench.medians("driver", [f"sh {driver}", f"sh {lines}"]), 3.0)]
