#!/usr/bin/env python3
"""Times whole runs of build/pgsift: linting 700 generated migrations (1 MB), reading 20,000 plans, advising on 10,000 query
shapes, and reading the log of build/bench/postgresql.log. Prints the median of several runs, user time, speed and peak
memory. PGSIFT: another program to time."""
import json
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
PGSIFT = os.environ.get("PGSIFT", str(ROOT / "build/pgsift"))
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


def make_plans(path, count, buffers):
    """One array of plans of ten nodes, laid out as EXPLAIN does, of fifty tables. Seeded."""
    rng = random.Random(7)
    totals = ("Shared Hit Blocks", "Shared Read Blocks", "Shared Dirtied Blocks", "Shared Written Blocks", "Local Hit Blocks",
              "Local Read Blocks", "Local Dirtied Blocks", "Local Written Blocks", "Temp Read Blocks", "Temp Written Blocks")
    with path.open("w") as out:
        for number in range(count):
            node = None
            for depth in range(9, -1, -1):
                below = node
                node = {"Node Type": "Nested Loop" if below else "Seq Scan", "Parallel Aware": False, "Async Capable": False}
                if below is None:
                    node |= {"Relation Name": f"table_{number % 50}", "Alias": "t"}
                node |= {"Startup Cost": 0.43, "Total Cost": 1000.25 - depth * 90, "Plan Rows": 100 + rng.randrange(9),
                         "Plan Width": 8, "Actual Startup Time": 0.012, "Actual Total Time": 1000.5 - depth * 90 + rng.random(),
                         "Actual Rows": 100 + rng.randrange(9), "Actual Loops": 1}
                if below is None:
                    node |= {"Filter": f"((status)::text = 'open {number}'::text)", "Rows Removed by Filter": 90000}
                if buffers:
                    node |= {name: 120 if i == 0 else rng.randrange(3) for i, name in enumerate(totals)}
                if below:
                    node["Plans"] = [below]
            text = json.dumps({"Plan": node, "Planning Time": 0.2, "Triggers": [], "Execution Time": 1001.5}, indent=2)
            out.write(("[\n" if number == 0 else ",\n") + "  " + text.replace("\n", "\n  "))
        out.write("\n]\n")
    return path.stat().st_size


def make_shapes(folder, shapes):
    """A schema of 1,000 tables with 5,000 indexes, and a log of that many query shapes over them. Seeded."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rng = random.Random(11)
    columns = [f"c{i}" for i in range(12)]
    with (folder / "schema.sql").open("w") as out:
        for table in range(1000):
            out.write(f"CREATE TABLE t{table} (id bigint PRIMARY KEY, "
                      + ", ".join(f"{name} {rng.choice(('int', 'bigint', 'text', 'timestamptz', 'boolean'))}" for name in columns)
                      + ");\n")
            for index in range(5):
                out.write(f"CREATE INDEX t{table}_i{index} ON t{table} ({', '.join(rng.sample(columns, rng.randint(1, 3)))});\n")
    with (folder / "postgresql.log").open("w") as out:
        for number in range(shapes * 2):
            table, other = number % shapes % 1000, number % shapes * 7 % 1000
            pick = random.Random(number % shapes)
            wanted = pick.sample(columns, 4)
            value = rng.randrange(1000)
            where = f"a.{wanted[0]} = {value} AND a.{wanted[1]} > {value}"
            sql = pick.choice((
                f"SELECT a.id, a.{wanted[2]} FROM t{table} a WHERE {where}",
                f"SELECT a.* FROM t{table} a WHERE a.{wanted[0]} = {value} ORDER BY a.{wanted[1]} DESC LIMIT 20",
                f"SELECT a.id, b.{wanted[3]} FROM t{table} a JOIN t{other} b ON b.id = a.{wanted[2]} WHERE {where}",
                f"UPDATE t{table} SET {wanted[2]} = NULL WHERE {wanted[0]} = {value}",
                f"SELECT {wanted[1]}, count(*) FROM t{table} WHERE {wanted[0]} = {value} GROUP BY {wanted[1]}",
            ))
            out.write(f"2026-01-01 10:{number // 60 % 60:02}:{number % 60:02}.000 UTC [{number % 40 + 100}] LOG:  duration: "
                      f"{rng.random() * 90:.3f} ms  statement: {sql}\n")
    return [str(folder / "schema.sql"), str(folder / "postgresql.log")]


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
    for label, buffers in (("without buffers", False), ("with buffers", True)):
        size = make_plans(WORK / "plans.json", 20_000, buffers)
        for jobs in ("1", "2"):
            wall, user, memory = run(["plans", "--jobs", jobs, "--format", "json", str(WORK / "plans.json")], 5)
            print(f"plans, 20,000 of ten nodes, {label}, {size / 1e6:.0f} MB, --jobs {jobs}: {wall:.2f} s wall, "
                  f"{20_000 / wall:,.0f} plans/s, {size / 1e6 / wall:.0f} MB/s, {memory:.0f} MB")
    for shapes in (10_000, 20_000):
        wall, user, memory = run(["indexes", *make_shapes(WORK / "shapes", shapes), "--format", "json"], 5)
        print(f"indexes, {shapes:,} shapes, 1,000 tables, 5,000 indexes: {wall:.2f} s wall, {user:.2f} s of processor, {memory:.0f} MB")
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
