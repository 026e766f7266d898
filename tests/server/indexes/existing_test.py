#!/usr/bin/env python3
"""What pgsift says of the indexes that a real server has: each fault is planted once, with a twin that has none.

usage: existing_test.py PGSIFT
"""

import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import indexes_test  # noqa: E402
import servers  # noqa: E402

TABLES = """
CREATE TABLE parcels (id int PRIMARY KEY, code text, state text, hub int, weight int, returned_at timestamp, note text);
INSERT INTO parcels SELECT i, md5(i::text), (ARRAY['new','sent','done'])[1 + i % 3], i % 400, i % 97,
  CASE WHEN i % 50 = 0 THEN now() END, 'n' FROM generate_series(1, 200000) i;
CREATE INDEX parcels_used ON parcels (code);
CREATE INDEX parcels_unused ON parcels (weight, code);
CREATE INDEX parcels_state ON parcels (state);
CREATE INDEX parcels_returned ON parcels (returned_at);
CREATE INDEX parcels_hub ON parcels (hub);

CREATE TABLE queue (id bigint PRIMARY KEY, key text, payload text);
CREATE INDEX queue_key ON queue (key);
INSERT INTO queue SELECT i, md5(i::text) || md5((i + 1)::text), 'x' FROM generate_series(1, 400000) i;
DELETE FROM queue WHERE id % 10 <> 0;

CREATE TABLE written (id int PRIMARY KEY, tag int, n int);
CREATE INDEX written_tag ON written (tag);
INSERT INTO written SELECT i, i % 30000, 0 FROM generate_series(1, 60000) i;

CREATE TABLE double_entries (id int, email text);
INSERT INTO double_entries VALUES (1, 'a'), (2, 'a');
ALTER TABLE double_entries ADD PRIMARY KEY (id);

CREATE TABLE keyless (a int NOT NULL, b int);
CREATE UNIQUE INDEX keyless_a ON keyless (a);
CREATE TABLE keyless_altogether (a int, b int);
"""

EXPECTED = {
    ("unused", "parcels_unused"),
    ("rarely-used", "written_tag"),
    ("invalid", "double_entries_email"),
    ("bloated", "queue_key"),
    ("low-cardinality", "parcels_state"),
    ("oversize", "parcels_returned"),
    ("missing-primary-key", "keyless"),
    ("missing-primary-key", "keyless_altogether"),
}


def work(cursor):
    cursor.execute(TABLES)
    try:
        cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY double_entries_email ON double_entries (email)")
    except Exception:  # noqa: BLE001
        pass  # As meant: it leaves an invalid index.
    cursor.execute("VACUUM ANALYZE")
    cursor.execute("SET enable_seqscan = off")
    for _ in range(80):
        for sql in ("code = md5('7')", "hub = 3", "state = 'new' LIMIT 1", "returned_at > now() LIMIT 1"):
            cursor.execute("SELECT * FROM parcels WHERE " + sql)
        cursor.execute("SELECT * FROM queue WHERE key = 'x'")
    cursor.execute("SELECT * FROM written WHERE tag = 5")
    # Rows written: not HOT, since an indexed column changes.
    cursor.execute("UPDATE written SET tag = tag + 1")
    cursor.execute("VACUUM ANALYZE written")
    cursor.execute("SELECT pg_stat_force_next_flush()")


def main():
    if servers.find_programs(indexes_test.VERSION) is None:
        return 77
    pgsift = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="pgsift-existing-") as temporary, \
            indexes_test.AdvisorServer(indexes_test.VERSION) as server:
        folder = pathlib.Path(temporary)
        cursor = server.connect().cursor()
        work(cursor)
        cursor.connection.close()
        indexes_test.export(server, pgsift, folder)
        report = json.loads(indexes_test.run([pgsift, "indexes", str(folder / "schema.sql"), "--snapshot",
                                              str(folder / "snapshot.json"), "--format", "json"]))["indexes"]
        cursor = server.connect().cursor()
        said = {("unused", entry["index"].split(".")[-1]) for entry in report["unused"]}
        said |= {(entry["kind"], (entry.get("index") or entry["table"]).split(".")[-1]) for entry in report["remarks"]}
        problems = [f"not said: {what}" for what in sorted(EXPECTED - said)]
        problems += [f"said, but not so: {what}" for what in sorted(said - EXPECTED)]
        # What it proposes runs, and what takes it back runs too.
        for entry in report["unused"] + report["remarks"]:
            for sql in (entry.get("sql"), entry.get("undo_sql")):
                if not sql:
                    continue
                try:
                    cursor.execute(sql)
                except Exception as error:  # noqa: BLE001
                    problems.append(f"{sql}: {error}")
        for problem in problems:
            print(problem, file=sys.stderr)
        print(f"existing indexes: {len(EXPECTED)} facts planted, {len(said & EXPECTED)} said, {len(problems)} problems")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
