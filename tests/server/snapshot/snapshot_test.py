#!/usr/bin/env python3
"""The script that `pgsift snapshot` prints, run by psql on servers 13 to 18 as a superuser, as a member of pg_monitor
and as a role that may do nothing: psql has nothing to complain of, what comes out is what the catalogs say, and
pgsift reads it and names what was planted. usage: snapshot_test.py PGSIFT [VERSION…]"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import psycopg2  # noqa: E402
import servers  # noqa: E402

ROLES = ("postgres", "watcher", "stranger")

SETUP = '''
CREATE ROLE watcher LOGIN;
GRANT pg_monitor TO watcher;
CREATE ROLE stranger LOGIN;
CREATE SCHEMA "Odd name";
CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, country text);
CREATE TABLE orders (id serial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers, note text, total numeric(10,2));
CREATE INDEX orders_customer_idx ON orders (customer_id) INCLUDE (total) WHERE note IS NOT NULL;
CREATE INDEX "orders lower" ON orders (lower(note) DESC NULLS LAST);
CREATE TABLE "Odd name"."Odd ""table""" (a int, "b c" text);
CREATE TABLE events (id bigint, at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(total) FROM orders GROUP BY 1;
CREATE STATISTICS customers_statistics ON email, country FROM customers;
CREATE SEQUENCE tickets AS smallint START 32700;
INSERT INTO customers SELECT i, 'c' || i, 'c' || i % 5 FROM generate_series(1, 500) AS i;
INSERT INTO orders (customer_id, note, total) SELECT 1 + i % 500, 'n' || i % 7, i FROM generate_series(1, 3000) AS i;
INSERT INTO events SELECT i, '2026-02-01' FROM generate_series(1, 100) AS i;
SELECT nextval('tickets');
'''


class SnapshotServer(servers.Server):
    settings = servers.SETTINGS | {"shared_preload_libraries": "'pg_stat_statements'"}

    def _prepare(self):
        cursor = self.connect().cursor()
        cursor.execute("CREATE DATABASE shop")
        cursor = self.connect("shop").cursor()
        for statement in SETUP.strip().split(";\n"):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
        try:
            cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY orders_note_key ON orders (note)")
        except psycopg2.errors.UniqueViolation:
            pass  # It stays, invalid.
        cursor.execute("CREATE EXTENSION pg_stat_statements")
        for _ in range(25):
            cursor.execute("SELECT o.*, i FROM orders AS o, generate_series(1, 2) AS i WHERE o.id > 0")
            cursor.execute("SELECT o.*, i FROM orders AS o, generate_series(1, 3) AS i ORDER BY 1 LIMIT 9000")
            cursor.execute("SELECT count(*) FROM orders AS o, generate_series(1, 4) AS i")


class Checks:
    def __init__(self):
        self.count = 0
        self.wrong = []

    def equal(self, what, is_, must):
        self.count += 1
        if is_ != must:
            self.wrong.append(f"{what}: {is_!r}, not {must!r}")

    def that(self, what, holds):
        self.count += 1
        if not holds:
            self.wrong.append(what)


def rows(connection, query):
    cursor = connection.cursor()
    cursor.execute(query)
    return [row[0] if len(row) == 1 else row for row in cursor.fetchall()]


USER_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
CLASSES = "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE " + USER_SCHEMA


def compare(checks, about, snapshot, truth, role):
    """The export against the catalogs."""
    names = rows(truth, f"SELECT n.nspname, c.relname, c.reltuples::int {CLASSES} AND c.relkind IN ('r', 'p', 'm') ORDER BY 1, 2")
    is_ = sorted((each["schema"], each["name"], int(each["reltuples"])) for each in snapshot["tables"])
    checks.equal(f"{about}: tables", is_, sorted(names))
    sizes = dict(rows(truth, f"SELECT c.oid::regclass::text, pg_total_relation_size(c.oid) {CLASSES} AND c.relname IN ('orders', 'customers')"))
    for table in snapshot["tables"]:
        if table["name"] in sizes:
            checks.equal(f"{about}: bytes of {table['name']}", table["total_bytes"], sizes[table["name"]])
            checks.that(f"{about}: age of {table['name']}: {table.get('xid_age')}", (table.get("xid_age") or 0) > 0)
    indexes = rows(truth, f"SELECT pg_get_indexdef(c.oid) {CLASSES} AND c.relkind IN ('i', 'I')")
    checks.equal(f"{about}: indexes", sorted(each["definition"] for each in snapshot["indexes"]), sorted(indexes))
    invalid = [each["name"] for each in snapshot["indexes"] if not each["is_valid"]]
    checks.equal(f"{about}: invalid indexes", invalid, ["orders_note_key"])
    checks.equal(f"{about}: foreign keys", len(snapshot["foreign_keys"]), 1)
    checks.equal(f"{about}: release", snapshot["server_version_num"], truth.server_version)
    checks.equal(f"{about}: role", snapshot["role"], role)
    settings = dict(rows(truth, "SELECT name, setting FROM pg_settings WHERE name IN ('work_mem', 'shared_buffers', 'autovacuum')"))
    checks.equal(f"{about}: settings", {name: snapshot["settings"][name]["setting"] for name in settings}, settings)
    known = {(each["table"], each["column"]) for each in snapshot["columns"] if each["null_frac"] is not None}
    if role == "postgres":
        checks.that(f"{about}: statistics of columns", {("orders", "customer_id"), ("customers", "country")} <= known)
        last = {each["name"]: each["last_value"] for each in snapshot["sequences"]}
        checks.equal(f"{about}: tickets", last["tickets"], 32700)
    checks.that(f"{about}: this very session", any(each.get("pid") for each in snapshot["activity"]))
    checks.equal(f"{about}: sees other sessions", snapshot["reads_all_stats"], role != "stranger")


def read(checks, about, pgsift, path, role):
    """What pgsift says of the export."""
    done = subprocess.run([pgsift, "monitor", str(path), "--format", "json"], capture_output=True, text=True, check=False)
    checks.that(f"{about}: exit status {done.returncode}", done.returncode in (0, 1))
    checks.equal(f"{about}: complaints", done.stderr, "")
    report = json.loads(done.stdout)
    names = {each["name"] for each in report["findings"]}
    checks.that(f"{about}: invalid-index is among {sorted(names)}", "invalid-index" in names)
    # Who may not read a sequence does not see its value.
    checks.equal(f"{about}: sequence-near-end", "sequence-near-end" in names, role == "postgres")
    # Texts of others' statements are hidden from who may not read them.
    unlimited = [each["message"] for each in report["findings"] if each["name"] == "unlimited-result"]
    must = [] if role == "stranger" else ["a query without LIMIT returned 6,000 rows each time, in 25 calls"]
    checks.equal(f"{about}: unlimited-result", unlimited, must)
    checks.equal(f"{about}: says what the role cannot see", "pg_monitor" in json.dumps(report["health"]), role == "stranger")


def main():
    pgsift, *versions = sys.argv[1:]
    versions = [int(each) for each in versions] or list(servers.KNOWN_VERSIONS)
    missing = [version for version in versions if servers.find_programs(version) is None]
    if missing:
        print(f"snapshot test: no server of {missing}; `npm ci` in tests/server installs them", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    script = subprocess.run([pgsift, "snapshot"], capture_output=True, text=True, check=True).stdout
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="pgsift-snapshot-") as folder:
        folder = pathlib.Path(folder)
        (folder / "snapshot.sql").write_text(script, encoding="utf-8")
        for version in versions:
            with SnapshotServer(version) as server:
                truth = server.connect("shop")
                for role in ROLES:
                    about = f"{version} as {role}"
                    command = [str(server.programs / "bin" / "psql"), "-X", "-q", "-h", str(server.folder), "-U", role, "-d",
                               "shop", "-f", str(folder / "snapshot.sql")]
                    if not pathlib.Path(command[0]).exists():
                        command[0] = "psql"  # The packages hold servers only.
                    done = subprocess.run(command, capture_output=True, text=True, check=False)
                    checks.equal(f"{about}: psql", (done.returncode, done.stderr), (0, ""))
                    path = folder / f"{version}-{role}.json"
                    path.write_text(done.stdout, encoding="utf-8")
                    compare(checks, about, json.loads(done.stdout), truth, role)
                    read(checks, about, pgsift, path, role)
                truth.close()
    print(f"PostgreSQL {', '.join(map(str, versions))}, {len(ROLES)} roles each: {checks.count} checks, {len(checks.wrong)} wrong")
    for each in checks.wrong:
        print(each)
    sys.exit(1 if checks.wrong else 0)


if __name__ == "__main__":
    main()
