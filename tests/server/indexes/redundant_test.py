#!/usr/bin/env python3
"""Drops what pgsift calls needless on a real server: no constraint may be lost, no search may become dearer.

A generated family of tables, each with two indexes that differ in columns, order, uniqueness, predicate, stored
columns, operator class, collation or method. pgsift reads their dump, once with the exported statistics and once
alone; each verdict is then tried in a transaction.

usage: redundant_test.py PGSIFT [--pairs N]
"""

import argparse
import json
import pathlib
import random
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import indexes_test  # noqa: E402
import planner  # noqa: E402
import servers  # noqa: E402

COST_CHANGE_MAX = 1.01
# Without statistics the sizes are not known, and a longer index may have more pages: a plan may cost that much more,
# and more than that after one verdict in thirty.
LONGER_CHANGE_MAX = 1.10
LONGER_SHARE_MAX = 1 / 30

ROWS = """
CREATE TABLE rows AS SELECT i AS id, i % 500 AS a, (i * 7) % 3000 AS b, md5(i::text) AS c, i % 5 AS d,
  ARRAY[i % 50, i % 7] AS e, int4range(i, i + 10) AS f FROM generate_series(1, 3000) i;
"""

SEARCHES = """
SELECT * FROM {t} WHERE a = 42
SELECT * FROM {t} WHERE a = 42 AND b = 294
SELECT * FROM {t} WHERE b = 294
SELECT * FROM {t} WHERE a > 495 AND b = 7
SELECT * FROM {t} WHERE c = md5('77')
SELECT * FROM {t} WHERE c LIKE 'ab1%'
SELECT * FROM {t} WHERE c COLLATE "C" > 'fff'
SELECT * FROM {t} WHERE lower(c) = md5('77')
SELECT * FROM {t} WHERE a = 42 AND d = 2
SELECT * FROM {t} WHERE d = 2 AND a = 42 AND b > 2000
SELECT * FROM {t} WHERE d = 2 AND b > 100 AND a < 10
SELECT count(*) FROM {t} WHERE d = 2 AND a IS NOT NULL
SELECT a FROM {t} WHERE a > 490
SELECT * FROM {t} ORDER BY a, b LIMIT 5
SELECT * FROM {t} ORDER BY a DESC, b LIMIT 5
SELECT * FROM {t} ORDER BY a DESC, b DESC LIMIT 5
SELECT * FROM {t} ORDER BY a NULLS FIRST LIMIT 5
SELECT * FROM {t} ORDER BY b DESC LIMIT 5
SELECT * FROM {t} WHERE a = 42 ORDER BY b DESC LIMIT 1
SELECT a, b FROM {t} WHERE a = 42
SELECT a, c FROM {t} WHERE a = 42
SELECT * FROM {t} WHERE e @> ARRAY[3]
SELECT * FROM {t} WHERE f && int4range(100, 102)
UPDATE {t} SET d = 1 WHERE a = 42 AND b = 294
""".strip().split("\n")


def random_index(rng):
    """(unique, what follows the table's name)"""
    kind = rng.random()
    if kind < 0.06:
        return False, "USING gin (e)"
    if kind < 0.10:
        return False, "USING gist (f)"
    if kind < 0.14:
        return False, f"USING hash ({rng.choice('ab')})"
    if kind < 0.18:
        return False, f"USING brin ({rng.choice(['a', 'a, b', 'b, a'])})"
    columns = rng.choice([["a"], ["a"], ["a", "b"], ["a", "b"], ["b"], ["b", "a"], ["a", "d"], ["d", "a", "b"],
                          ["a", "b", "d"], ["c"], ["c", "a"], ["lower(c)"], ["lower(c)", "a"]])
    keys = []
    for column in columns:
        key = column
        if column == "c":
            key += rng.choice(["", "", " text_pattern_ops", ' COLLATE "C"'])
        key += rng.choice(["", "", "", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"])
        keys.append(key)
    unique = ("b" in columns or "c" in columns) and "d" not in columns and rng.random() < 0.25
    text = "(" + ", ".join(keys) + ")"
    if rng.random() < 0.15:
        text += f" INCLUDE ({rng.choice(['d', 'c', 'd, c'])})"
    if rng.random() < 0.2:
        text += " WHERE " + rng.choice(["d = 2", "d = 2", "a IS NOT NULL", "b > 100", "b >= 101", "d IN (2, 3)",
                                         "d = 2 AND b > 100", "a IS NOT NULL AND d = 2", "a > -1"])
    return unique, text


def make(cursor, rng, pairs):
    cursor.execute(ROWS)
    for n in range(pairs):
        table = f"t{n}"
        cursor.execute(f"CREATE TABLE {table} AS TABLE rows; ALTER TABLE {table} ADD PRIMARY KEY (id)")
        first = random_index(rng)
        second = first if rng.random() < 0.1 else random_index(rng)
        for name, (unique, text) in ((f"{table}_x", first), (f"{table}_y", second)):
            if unique and rng.random() < 0.3 and "(" not in text[1:] and not any(
                    word in text for word in ("WHERE", "DESC", "NULLS", "ops", "COLLATE")):
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE {text}")
            else:
                cursor.execute(f"CREATE {'UNIQUE ' if unique else ''}INDEX {name} ON {table} {text}")
    cursor.execute("VACUUM ANALYZE")


def rejects_duplicates(cursor, table):
    """For each set of columns, whether a row that repeats them is turned away."""
    found = []
    for columns in (["a", "b"], ["b"], ["c"], ["a", "c"]):
        fresh = {"id": "-1", "a": "-1", "b": "-1", "c": "'-'"}
        values = [column if column in columns else fresh[column] for column in fresh]
        cursor.execute("SAVEPOINT s")
        try:
            cursor.execute(f"INSERT INTO {table} (id, a, b, c, d) SELECT {', '.join(values)}, d FROM {table} WHERE d = 2 LIMIT 1")
            found.append(False)
        except Exception:  # noqa: BLE001
            found.append(True)
        cursor.execute("ROLLBACK TO s")
    return found


def try_verdict(cursor, advice):
    """What dropping the index spoils (empty: nothing), how many plans cost over 1 % more, and whether one costs
    more than a longer index explains."""
    table = advice["table"].split(".")[-1]
    spoiled = []
    dearer = 0
    longer = any(words in advice["reason"] for words in ("begins with", "stores more", "holds all"))
    too_long = False
    cursor.execute("BEGIN")
    unique = rejects_duplicates(cursor, table)
    before = [planner.top_cost(cursor, sql.format(t=table))[0] for sql in SEARCHES]
    cursor.execute(f"SELECT count(*) FROM pg_constraint WHERE conrelid = '{table}'::regclass")
    constraints = cursor.fetchone()
    cursor.execute(advice["sql"].replace(" CONCURRENTLY", ""))
    for sql, cost in zip(SEARCHES, before):
        after = planner.top_cost(cursor, sql.format(t=table))[0]
        dearer += after > cost * COST_CHANGE_MAX
        if longer:
            too_long |= after > cost * LONGER_CHANGE_MAX
        elif after > cost * COST_CHANGE_MAX:
            spoiled.append(f"{sql.format(t=table)}: {cost} -> {after}")
    if rejects_duplicates(cursor, table) != unique:
        spoiled.append("uniqueness is lost")
    cursor.execute(f"SELECT count(*) FROM pg_constraint WHERE conrelid = '{table}'::regclass")
    if cursor.fetchone() != constraints:
        spoiled.append("a constraint is lost")
    cursor.execute(advice["undo_sql"].replace(" CONCURRENTLY", ""))
    cursor.execute("ROLLBACK")
    return spoiled, dearer, too_long


def judge(cursor, report, label, sized):
    """Tries all verdicts; returns what fails. `sized`: no plan may cost over 1 % more."""
    advice = report["indexes"]
    verdicts = advice["redundant"] + advice["duplicate"]
    covered = [remark for remark in advice["remarks"] if remark["kind"] == "covered"]
    wrong = dearer = much_dearer = 0
    for one in verdicts:
        spoiled, plans, too_long = try_verdict(cursor, one)
        dearer += plans > 0
        much_dearer += too_long
        if spoiled or (sized and plans):
            wrong += 1
            print(f"{one['index']}: {one['reason']}\n  " + "\n  ".join(spoiled), file=sys.stderr)
    uses = sum(try_verdict(cursor, one)[1] > 0 for one in covered)
    print(f"{label}: {len(verdicts)} called needless, {wrong} of these wrongly; after {dearer} drops some plan costs over"
          f" 1 % more (bar: 0), after {much_dearer} over 10 %; {len(covered)} called covered at a cost, {uses} of these"
          " with such a plan", flush=True)
    failed = []
    if wrong:
        failed.append(f"{label}: {wrong} verdicts are wrong")
    if not sized and much_dearer > len(verdicts) * LONGER_SHARE_MAX:
        failed.append(f"{label}: too many plans cost over 10 % more")
    return failed, len(verdicts), len(covered)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pgsift")
    parser.add_argument("--pairs", type=int, default=500)
    options = parser.parse_args()
    if servers.find_programs(indexes_test.VERSION) is None:
        return 77
    pgsift = str(pathlib.Path(options.pgsift).resolve())
    with tempfile.TemporaryDirectory(prefix="pgsift-redundant-") as temporary, \
            indexes_test.AdvisorServer(indexes_test.VERSION) as server:
        folder = pathlib.Path(temporary)
        cursor = server.connect().cursor()
        make(cursor, random.Random(11), options.pairs)
        indexes_test.export(server, pgsift, folder)
        print(f"{options.pairs} pairs of indexes", flush=True)
        failed = []
        for label, more in (("with statistics", ["--snapshot", str(folder / "snapshot.json")]), ("schema alone", [])):
            report = json.loads(indexes_test.run([pgsift, "indexes", str(folder / "schema.sql"), *more, "--format", "json"]))
            missed, verdicts, covered = judge(cursor, report, label, sized=bool(more))
            failed += missed
            if verdicts + covered < options.pairs // 12:
                failed.append(f"{label}: too few verdicts to mean anything")
        for line in failed:
            print(f"FAILED: {line}", file=sys.stderr)
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
