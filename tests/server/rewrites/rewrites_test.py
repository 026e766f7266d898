"""What pgsift rewrites whole must give the rows that the original gives: rewrites_test.py PGSIFT.

Every statement is linted with the schema; the statement that the finding proposes runs beside the original on a
real server, over random data of several sizes, NULLs and duplicates among it. Where pgsift says that the two
differ, the data is made so that they do not.
"""
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import servers  # noqa: E402

VERSION = 15
ROUNDS = 12

SCHEMA = """
CREATE TABLE customers (id integer PRIMARY KEY, parent_id integer, name text NOT NULL, region integer,
  created_at timestamp NOT NULL, seen_at timestamptz, status text);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, region integer, status text,
  placed_at timestamp NOT NULL, amount integer);
CREATE TABLE blocked (customer_id integer NOT NULL, reason text);
CREATE TABLE wide (id integer PRIMARY KEY, a1 integer, a2 integer, a3 integer, a4 integer, a5 integer, a6 integer,
  a7 integer, a8 integer, a9 integer, a10 integer, body text, extra jsonb);
CREATE INDEX orders_placed_at_idx ON orders (placed_at);
CREATE INDEX customers_created_at_idx ON customers (created_at);
CREATE INDEX customers_region_idx ON customers (region);
"""

# The rule, the statement, and what is left out of the comparison: columns that the rewritten one does without.
CASES = [
    ("not-in-subquery", "SELECT id, name FROM customers WHERE id NOT IN (SELECT customer_id FROM blocked)", ()),
    ("not-in-subquery", "SELECT c.id FROM customers c WHERE c.region > 2 AND c.id NOT IN "
     "(SELECT customer_id FROM blocked WHERE reason = 'a' OR reason = 'b') ORDER BY c.id", ()),
    ("not-in-subquery", "SELECT id FROM orders WHERE customer_id NOT IN (SELECT customer_id FROM blocked b)", ()),
    ("not-in-subquery", "SELECT id FROM orders WHERE (amount > 3 AND NOT (customer_id IN (SELECT customer_id FROM "
     "blocked)))", ()),
    ("count-for-existence", "SELECT id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id "
     "AND o.amount > 4) > 0", ()),
    ("count-for-existence", "SELECT id FROM customers c WHERE region = 3 AND 0 = (SELECT count(*) FROM orders o WHERE "
     "o.customer_id = c.id)", ()),
    ("count-for-existence", "SELECT id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) >= 1 AS any FROM "
     "customers c", ()),
    ("union-without-all", "SELECT 'customer' AS kind, region FROM customers UNION SELECT 'order' AS kind, region FROM "
     "orders", ()),
    ("union-without-all", "SELECT id, 'c' FROM customers WHERE region > 1 UNION SELECT id, 'o' FROM orders ORDER BY 1, 2",
     ()),
    ("wide-select-star", "SELECT * FROM wide WHERE a1 > 3", ("body", "extra")),
    ("wide-select-star", "SELECT c.name, w.* FROM customers c JOIN wide w ON w.id = c.id WHERE c.region = 2",
     ("body", "extra")),
    ("subquery-per-row", "SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders FROM "
     "customers c", ()),
    ("subquery-per-row", "SELECT c.id, (SELECT max(o.amount) FROM orders o WHERE c.region = o.region AND o.status = "
     "'new') FROM customers c WHERE c.id > 3 ORDER BY c.id", ()),
    ("or-across-columns", "SELECT id, status FROM orders WHERE customer_id = 3 OR amount = 5", ()),
    ("or-across-columns", "SELECT status FROM orders WHERE placed_at > '2026-01-02' AND (customer_id IN (1, 2) OR "
     "amount BETWEEN 2 AND 4 OR region = 1)", ()),
    ("truncated-timestamp", "SELECT id FROM orders WHERE date(placed_at) = '2026-01-03'", ()),
    ("truncated-timestamp", "SELECT id FROM customers WHERE created_at::date = '2026-01-02 13:00' AND region > 1", ()),
    ("truncated-timestamp", "SELECT id FROM orders WHERE date_trunc('month', placed_at) = '2026-01-01'", ()),
    ("truncated-timestamp", "SELECT id FROM orders WHERE date_trunc('month', placed_at) = '2026-01-02'", ()),
    ("row-number-for-first", "SELECT id, customer_id FROM (SELECT id, customer_id, row_number() OVER (PARTITION BY "
     "customer_id ORDER BY placed_at DESC, id) AS rn FROM orders WHERE amount > 1) o WHERE rn = 1", ()),
    ("row-number-for-first", "SELECT * FROM (SELECT o.*, row_number() OVER (PARTITION BY region, status ORDER BY amount "
     "NULLS FIRST, id) FROM orders o) x WHERE x.row_number = 1 AND x.region IS NOT NULL ORDER BY x.id", ()),
    ("computed-condition", "SELECT id FROM customers WHERE coalesce(status, 'new') = 'new' AND region = 2", ()),
    ("age-arithmetic", "SELECT id FROM customers WHERE now() - created_at < interval '30 hours'", ()),
]

# Page by page, the rewritten statement continues behind the last row of the page before.
PAGES = [
    ("SELECT id, name FROM customers ORDER BY id LIMIT 7 OFFSET {}", ("id",)),
    ("SELECT placed_at, id, status FROM orders WHERE amount > 1 OR amount IS NULL ORDER BY placed_at DESC, id DESC "
     "LIMIT 5 OFFSET {}", ("placed_at", "id")),
    ("SELECT created_at, id FROM customers ORDER BY created_at OFFSET {} LIMIT 4", ("created_at", "id")),
]


# An N+1 as a log shows it: the first query, the one that runs for each of its rows with %s as the key, the column of
# the first that gives the key, and the values of the one statement's parameters.
N_PLUS_ONE = [
    ("SELECT id, name FROM customers WHERE region = 2", "SELECT * FROM orders WHERE customer_id = %s", "id", (2,)),
    ("SELECT id, name, region FROM customers WHERE region > 1 ORDER BY name, id",
     "SELECT o.id, o.amount FROM orders o WHERE o.customer_id = %s ORDER BY o.placed_at DESC, o.id LIMIT 2", "id", (1, 2)),
    ("SELECT id FROM customers WHERE status = 'new'",
     "SELECT count(*) AS orders, max(amount) AS most FROM orders WHERE customer_id = %s AND status = 'sent'", "id",
     ("new", "sent")),
    ("SELECT id, customer_id, amount FROM orders WHERE amount > 5", "SELECT id AS customer, name FROM customers WHERE id = %s",
     "customer_id", (5,)),
    ("SELECT id AS order_id, customer_id FROM orders WHERE region = 1", "SELECT * FROM customers WHERE id = %s", "customer_id",
     (1,)),
]
REFERENCES = "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);\n"


class PlainServer(servers.Server):
    def _prepare(self):
        pass


def proposed(pgsift, folder, cases):
    """The statement that each case's finding proposes, by the case's number."""
    (folder / "schema.sql").write_text("-- PostgreSQL database dump\n" + SCHEMA)
    paths = []
    for number, (_, sql) in enumerate(cases):
        path = folder / f"query_{number:02}.sql"
        path.write_text("-- a query\n" + sql + ";\n")
        paths.append(path.name)
    done = subprocess.run([pgsift, "analyze", *paths, "--schema", "schema.sql", "--format", "json"], cwd=folder,
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    statements = {}
    for finding in json.loads(done.stdout)["findings"]:
        number = int(re.search(r"query_(\d+)", finding.get("path", "") or "query_99")[1])
        if number >= len(cases) or finding["name"] != cases[number][0]:
            continue
        for text in finding["helps"]:
            if text.startswith("the whole statement: "):
                statements[number] = (text.removeprefix("the whole statement: "), finding["notes"])
    return statements


def joined(pgsift, folder, parent, child):
    """The one statement that is proposed for a log in which `child` follows `parent` for each key; None: none is."""
    lines, second = [], 0

    def log(pid, sql):
        nonlocal second
        second += 1
        lines.append(f"2026-01-01 10:{second // 60 % 60:02}:{second % 60:02}.000 UTC [{pid}] LOG:  duration: 2.000 ms  "
                     f"statement: {sql}")

    for session in range(12):
        log(500 + session, parent)
        for key in range(9):
            log(500 + session, child % (session * 9 + key))
    (folder / "schema.sql").write_text("-- PostgreSQL database dump\n" + SCHEMA + REFERENCES)
    (folder / "postgresql.log").write_text("\n".join(lines) + "\n")
    done = subprocess.run([pgsift, "analyze", "postgresql.log", "--schema", "schema.sql", "--format", "json"], cwd=folder,
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr)
    for finding in json.loads(done.stdout)["findings"]:
        for text in finding["helps"]:
            if finding["name"] == "n-plus-one" and text.startswith("the whole statement: "):
                return text.removeprefix("the whole statement: ")
    return None


def check_joined(cursor, case, statement, wrong):
    """The one statement gives the rows of the many, beside the row that asked for them."""
    parent, child, key, values = case
    names, parents = rows(cursor, parent)
    expected = []
    for row in parents:
        value = row[names.index(key)]
        if value != "None":  # No row is asked for without a key.
            child_names, children = rows(cursor, child, parameters=(int(value),))
            names_of_both = names + child_names
            expected += [row + each for each in children]
    sql = re.sub(r"\$(\d+)", lambda match: f"%(p{match[1]})s", statement)
    got_names, got = rows(cursor, sql, parameters={f"p{i + 1}": value for i, value in enumerate(values)})
    if expected and (got_names != names_of_both or collections.Counter(got) != collections.Counter(expected)):
        wrong.append(f"{parent}\n  and for each {child}\n  are not\n  {statement}\n  {expected[:3]} … {got[:3]} …")
    if not expected and got:
        wrong.append(f"{statement}\n  gives rows where there are none")


def fill(cursor, size, rng):
    """Random rows, few different values, NULLs; `blocked` always has one."""
    def some(low, high, nulls=0.15):
        return None if rng.random() < nulls else rng.randint(low, high)

    def moment():
        return f"2026-0{rng.randint(1, 2)}-0{rng.randint(1, 5)} {rng.randint(0, 23):02}:{rng.choice(['00', '30'])}"

    cursor.execute("TRUNCATE customers, orders, blocked, wide")
    for i in range(size):
        cursor.execute("INSERT INTO customers VALUES (%s, %s, %s, %s, CASE WHEN %s THEN now() - interval '1 hour' * %s "
                       "ELSE %s::timestamp END, now(), %s)",
                       (i, some(0, size), f"n{rng.randint(0, 5)}", some(0, 4), rng.random() < 0.3, rng.randint(1, 60),
                        moment(), rng.choice(["new", "old", None])))
        cursor.execute("INSERT INTO wide VALUES (%s" + ", %s" * 10 + ", 'long', '{}')", (i, *[some(0, 6) for _ in range(10)]))
    for i in range(size * 2):
        cursor.execute("INSERT INTO orders VALUES (%s, %s, %s, %s, %s, %s)",
                       (i, some(0, size), some(0, 4), rng.choice(["new", "old", "sent", None]), moment(), some(0, 8)))
    for _ in range(max(1, size // 3)):
        cursor.execute("INSERT INTO blocked VALUES (%s, %s)", (rng.randint(0, size), rng.choice("abc")))


def rows(cursor, sql, without=(), parameters=None):
    cursor.execute(sql, parameters)
    names = [column.name for column in cursor.description]
    keep = [i for i, name in enumerate(names) if name not in without]
    return [names[i] for i in keep], [tuple(str(row[i]) for i in keep) for row in cursor.fetchall()]


def check_pages(cursor, original, keys, rewritten, wrong):
    """Walks through the result by both."""
    sql = re.sub(r"\$(\d+)", lambda match: f"%(p{match[1]})s", rewritten)
    first = re.match(r".*", original)[0]
    offset, last = 0, None
    while True:
        # What the note says: ties in the order of the primary key, so that pages fit.
        ordered = first if "created_at OFFSET" not in first else first.replace("created_at OFFSET", "created_at, id OFFSET")
        names, expected = rows(cursor, ordered.format(offset))
        if last is not None:
            _, got = rows(cursor, sql, parameters={f"p{i + 1}": value for i, value in enumerate(last)})
            if got != expected:
                wrong.append(f"page behind {last} of {original}: {got} instead of {expected}\n  {rewritten}")
                return
        if not expected:
            return
        offset += len(expected)
        last = [expected[-1][names.index(key)] for key in keys]


def main():
    pgsift = str(pathlib.Path(sys.argv[1]).resolve())
    if servers.find_programs(VERSION) is None:
        print(f"rewrites test: no PostgreSQL {VERSION}; ./dev install-deps installs it", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 77
    wrong = []
    cases = [(rule, sql) for rule, sql, _ in CASES]
    cases += [("offset-paging", sql.format(5000)) for sql, _ in PAGES]
    with tempfile.TemporaryDirectory(prefix="pgsift-rewrites-") as folder, PlainServer(VERSION) as server:
        statements = proposed(pgsift, pathlib.Path(folder), cases)
        wrong += [f"nothing proposed: {rule}: {sql}" for i, (rule, sql) in enumerate(cases) if i not in statements]
        joins = [joined(pgsift, pathlib.Path(folder), parent, child) for parent, child, _, _ in N_PLUS_ONE]
        wrong += [f"nothing proposed for {case[0]} and {case[1]}" for case, one in zip(N_PLUS_ONE, joins) if one is None]
        cursor = server.connect().cursor()
        cursor.execute(SCHEMA)
        rng = random.Random(20260301)
        compared = 0
        for turn in range(ROUNDS):
            fill(cursor, (3, 12, 40)[turn % 3], rng)
            for number, (_, sql, without) in enumerate(CASES):
                if number not in statements:
                    continue
                rewritten = statements[number][0]
                names, expected = rows(cursor, sql, without)
                other_names, got = rows(cursor, rewritten, without)
                same = names == other_names and (got == expected if "ORDER BY" in sql.rsplit(")", 1)[-1] else
                                                 collections.Counter(got) == collections.Counter(expected))
                compared += 1
                if not same:
                    wrong.append(f"{sql}\n  is not\n  {rewritten}\n  {names} {expected[:5]} … {other_names} {got[:5]} …")
            for number, (sql, keys) in enumerate(PAGES):
                if len(CASES) + number in statements:
                    check_pages(cursor, sql, keys, statements[len(CASES) + number][0], wrong)
                    compared += 1
            for case, statement in zip(N_PLUS_ONE, joins):
                if statement is not None:
                    check_joined(cursor, case, statement, wrong)
                    compared += 1
    for each in dict.fromkeys(wrong):
        print("WRONG:", each)
    print(f"rewrites test: {len(statements)} of {len(cases)} statements rewritten, {len(joins)} pairs joined, "
          f"{compared} comparisons, "
          f"{len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
