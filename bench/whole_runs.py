#!/usr/bin/env python3
"""Times whole runs of build/pgsift: linting 700 generated migrations (1 MB), and reading the log of
build/bench/postgresql.log. Prints the median of several runs, user time, speed and peak memory."""
import os
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PGSIFT = str(ROOT / "build/pgsift")
WORK = ROOT / "build/bench"


def make_migrations(folder):
    """700 files, about 1 MB, as a project of some years has them. Seeded."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rng = random.Random(42)
    tables = []
    for number in range(1, 701):
        lines = [f"-- Migration {number}: " + "the reason for this change, in a sentence or two. " * 3]
        if number % 4 == 1:
            name = f"table_{number}"
            tables.append(name)
            lines.append(f"CREATE TABLE {name} (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,")
            for column in range(rng.randint(5, 25)):
                kind = rng.choice(["text NOT NULL DEFAULT ''", "integer", "timestamptz NOT NULL DEFAULT now()",
                                   "numeric(10,2) CHECK (true)", "jsonb", "uuid", "boolean NOT NULL DEFAULT false"])
                lines.append(f"    column_{column} {kind},")
            lines.append("    created_at timestamptz NOT NULL DEFAULT now()\n);")
        for _ in range(rng.randint(6, 14)):
            table = rng.choice(tables)
            n = rng.randrange(10_000)
            lines.append(rng.choice([
                f"ALTER TABLE {table} ADD COLUMN added_{n} text;",
                f"CREATE INDEX CONCURRENTLY {table}_created_{number}_{n} ON {table} (created_at, column_1) WHERE column_2 IS NOT NULL;",
                f"UPDATE {table} SET column_1 = 5 WHERE id BETWEEN {n} AND {n + 1000} AND column_0 IS NOT NULL;",
                f"COMMENT ON COLUMN {table}.column_1 IS 'what the column holds, and where it is from: {n}';",
                f"CREATE OR REPLACE VIEW {table}_view AS SELECT t.id, t.column_0, t.column_1, count(*) OVER () AS n FROM {table} t WHERE t.id > {n};",
            ]))
        (folder / f"{number:04}_change.sql").write_text("\n".join(lines) + "\n")
    return sum(path.stat().st_size for path in folder.iterdir())


def run(arguments, repeat):
    walls, users, memory = [], [], 0
    for _ in range(repeat):
        begin = time.perf_counter()
        process = subprocess.Popen([PGSIFT, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        walls.append(time.perf_counter() - begin)
        users.append(usage.ru_utime + usage.ru_stime)
        memory = max(memory, usage.ru_maxrss)
    return statistics.median(walls), statistics.median(users), memory / 1024


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    size = make_migrations(WORK / "migrations")
    for jobs in ("1", "2"):
        wall, user, memory = run(["lint", "--jobs", jobs, "--format", "json", str(WORK / "migrations")], 9)
        print(f"lint, 700 files, {size / 1e6:.2f} MB, --jobs {jobs}: {wall * 1000:.0f} ms wall, {user * 1000:.0f} ms of processor, {memory:.0f} MB")
    wall, user, memory = run(["--version"], 15)
    print(f"start-up: {wall * 1000:.1f} ms")
    log = WORK / "postgresql.log"
    if not log.exists():
        sys.exit(f"{log} is missing: ./dev bench makes it")
    for jobs in ("1", "2"):
        wall, user, memory = run(["logs", "--jobs", jobs, "--format", "json", str(log)], 5)
        bytes_read = log.stat().st_size
        print(f"logs, {bytes_read / 1e6:.0f} MB of stderr, --jobs {jobs}: {wall:.2f} s wall, {bytes_read / 1e6 / wall:.0f} MB/s, {bytes_read / 1e6 / user:.0f} MB/s per core, {memory:.0f} MB")


if __name__ == "__main__":
    main()
