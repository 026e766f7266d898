"""Compares what pgsift reads of plans with real servers.

- The same query explained in all four formats gives the same model.
- Each fault of cases.py is found in the plan that has it, and not in the plan without it.
- The exclusive times of all plans add up to their roots'.
- What takes more than a plan: statistics that are stale, a log in which a query changes its plan.
- auto_explain's plans, in all four formats in all three kinds of log, give the same model as EXPLAIN's.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases
import servers

FORMATS = ("json", "text", "yaml", "xml")

# What differs from run to run, or says where it stands in the input.
MASKED = {"line", "exclusive_ms", "inclusive_ms", "uncertainty_ms", "share", "startup_ms", "critical", "buffers",
          "own_buffers", "wal_bytes", "wal_fpi", "wal_records", "wal_buffers_full"}
# Each run of these leaves dead rows behind, also when it is undone: the table grows.
GROWING = {"insert", "on_conflict", "update", "delete", "cte_insert", "lock_rows"}
MASKED_WHERE_GROWING = {"cost", "startup_cost", "own_cost", "rows_planned", "misestimate"}


class PlanServer(servers.Server):
    settings = {
        **servers.SETTINGS,
        "shared_buffers": "16MB",
        "track_io_timing": "on",
        "full_page_writes": "on",
        "wal_buffers": "'64kB'",
        "logging_collector": "on",
        "log_directory": "'logs'",
        "log_filename": "'server.log'",
        "synchronous_standby_names": "''",
    }
    # What shows up in EXPLAIN (SETTINGS) must be what a case sets.
    for name in ("jit", "max_parallel_workers_per_gather", "max_parallel_maintenance_workers"):
        del settings[name]

    def __init__(self, version):
        super().__init__(version)
        kinds = "stderr, csvlog" + (", jsonlog" if version >= 15 else "")
        self.settings = {**self.settings, "log_destination": f"'{kinds}'"}

    def _prepare(self):
        connection = self.connect()
        cursor = connection.cursor()
        for statement in split(cases.SCHEMA):
            cursor.execute(statement)
        connection.close()


def split(sql):
    """Statements of a script; a semicolon inside $$ … $$ or quotes ends none."""
    parts, begin, in_body, in_quote = [], 0, False, False
    for match in re.finditer(r"\$\$|;|'", sql):
        token = match.group()
        if token == "$$" and not in_quote:
            in_body = not in_body
        elif token == "'" and not in_body:
            in_quote = not in_quote
        elif token == ";" and not in_body and not in_quote:
            parts.append(sql[begin:match.start()].strip())
            begin = match.end()
    parts.append(sql[begin:].strip())
    return [part for part in parts if part]


def explain(cursor, script, options):
    """The plan of a script's last statement; the others are run. All is undone."""
    *before, last = split(script)
    cursor.execute("BEGIN")
    try:
        for statement in before:
            cursor.execute(statement)
        cursor.execute(f"EXPLAIN ({options}) {last}")
        rows = [row[0] for row in cursor.fetchall()]
        return "\n".join(row if isinstance(row, str) else json.dumps(row, indent=2) for row in rows) + "\n"
    finally:
        cursor.execute("ROLLBACK; DEALLOCATE ALL; RESET ALL")


def run_pgsift(pgsift, folder, *arguments):
    done = subprocess.run([pgsift, "plans", "--format", "json", *arguments, "."], capture_output=True, text=True,
                          cwd=folder, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(f"pgsift failed: {done.stderr[:2000]}")
    return json.loads(done.stdout)


def masked(name, node):
    without = MASKED | (MASKED_WHERE_GROWING if name in GROWING else set())
    return {key: value for key, value in node.items() if key not in without}


def check_sums(report, problems):
    for plan in report["plans"]:
        if not plan["analyzed"] or "exclusive_ms" not in plan["nodes"][0]:
            continue
        total = sum(node["exclusive_ms"] for node in plan["nodes"])
        whole = plan["nodes"][0]["inclusive_ms"] + plan.get("detached_ms", 0)
        loops = sum(node["loops"] for node in plan["nodes"])
        if abs(total - whole) > 0.02 * whole + 0.001 * loops:
            problems.append(f"{plan['path']}: exclusive times add up to {total:.3f} ms, the root takes {whole:.3f} ms")


def compare_nodes(label, name, wanted, plan, problems):
    """The nodes of a plan against those of the same in JSON; `name` is its query's in cases.NODES."""
    if [node["type"] for node in plan["nodes"]] != [node["type"] for node in wanted["nodes"]]:
        problems.append(f"{label}: other nodes than in JSON")
        return
    for a, b in zip(wanted["nodes"], plan["nodes"]):
        a, b = masked(name, a), masked(name, b)
        for key in sorted(set(a) | set(b)):
            if a.get(key) != b.get(key):
                problems.append(f"{label}: node {a['id']} {a['type']}: {key} is {b.get(key)!r}, in JSON {a.get(key)!r}")


def check_formats(pgsift, server, folder, problems):
    connection = server.connect()
    cursor = connection.cursor()
    folder.mkdir()
    for name, script in cases.NODES.items():
        if server.version < 14 and "memoize" in script:
            script = script.replace("SET enable_memoize = off; ", "")
        explain(cursor, script, "ANALYZE, TIMING OFF")  # Warms the caches.
        for form in FORMATS:
            options = f"ANALYZE, BUFFERS, VERBOSE, SETTINGS, WAL, FORMAT {form}"
            (folder / f"{name}.{form}").write_text(explain(cursor, script, options))
    connection.close()
    report = run_pgsift(pgsift, folder)
    plans = {plan["path"].removeprefix("./"): plan for plan in report["plans"]}
    for name in cases.NODES:
        wanted = plans.get(f"{name}.json")
        if wanted is None:
            problems.append(f"{name}.json was not read")
            continue
        for form in FORMATS[1:]:
            plan = plans.get(f"{name}.{form}")
            if plan is None:
                problems.append(f"{name}.{form} was not read")
                continue
            compare_nodes(f"{name}.{form}", name, wanted, plan, problems)
            for key in ("settings", "shape", "analyzed"):
                if plan.get(key) != wanted.get(key):
                    problems.append(f"{name}.{form}: {key} is {plan.get(key)!r}, in JSON {wanted.get(key)!r}")
            if [t.get("constraint") for t in plan.get("triggers", [])] != \
               [t.get("constraint") for t in wanted.get("triggers", [])]:
                problems.append(f"{name}.{form}: other triggers than in JSON")
    check_sums(report, problems)
    return plans


def write_context(folder):
    """The schema, which some rules ask for, and limits that small tables reach."""
    made = [part for part in split(cases.SCHEMA) if re.match(r"CREATE (TABLE \w+ \(|INDEX|TABLE \w+ AS)", part)]
    schema = []
    for part in made:
        # What is made of a query has the columns of the table that it is made from.
        copied = re.match(r"CREATE TABLE (\w+) AS SELECT \* FROM (\w+)$", part)
        schema.append(f"CREATE TABLE {copied[1]} (LIKE {copied[2]})" if copied else part)
    (folder / "schema.sql").write_text(";\n".join(schema) + ";\n")
    (folder / "pgsift.toml").write_text("".join(
        f"[rules.{rule}]\n" + "".join(f"{name} = {value}\n" for name, value in limits.items())
        for rule, limits in cases.LIMITS.items()))


def check_faults(pgsift, server, folder, only, problems):
    connection = server.connect()
    cursor = connection.cursor()
    folder.mkdir()
    write_context(folder.parent)
    cursor.execute("SELECT pg_jit_available()")
    jit = cursor.fetchone()[0]
    for rule, (*scripts, special) in ((rule, (*case, {})[:3]) for rule, case in cases.FAULTS.items()):
        if server.version < special.get("since", 0) or (rule == "jit-overhead" and not jit):
            continue
        if only and rule not in only:
            continue
        if rule == "memoize-useless" and server.version < 14:
            continue
        for i, (which, script) in enumerate(zip(("with", "without"), scripts)):
            if server.version < 14:
                script = script.replace("SET enable_memoize = off; ", "")
            options = special.get("options", (None, None))[i] or "ANALYZE, BUFFERS, VERBOSE, SETTINGS, WAL"
            (folder / f"{rule}.{which}.txt").write_text(explain(cursor, script, options))
    for rule, script in cases.SILENT.items():
        text = explain(cursor, script, "ANALYZE, BUFFERS, VERBOSE, SETTINGS, WAL")
        (folder / f"{rule}.silent.txt").write_text(text)
    connection.close()
    report = run_pgsift(pgsift, folder, "--schema", "../schema.sql")
    found = {}
    for finding in report["findings"]:
        found.setdefault(finding["path"].removeprefix("./"), set()).add(finding["name"])
    for path in sorted(folder.iterdir()):
        rule, which, _ = path.name.rsplit(".", 2)
        names = found.get(path.name, set())
        if which == "with" and rule not in names:
            problems.append(f"{path.name}: {rule} was not found, but {sorted(names)}\n{path.read_text()}")
        if which != "with" and rule in names:
            problems.append(f"{path.name}: {rule} was found where it is not\n{path.read_text()}")
    check_sums(report, problems)
    return len(report["plans"])


# Rules weigh times: on a machine that does other work one plan in hundreds is slow where it should not be. What
# is wrong three times is wrong.
ATTEMPTS = 3


def check_faults_again(pgsift, server, folder, only, problems):
    count = 0
    for attempt in range(ATTEMPTS):
        found = []
        plans = check_faults(pgsift, server, folder.with_name(f"{folder.name}{attempt or ''}"), only, found)
        count = count or plans
        if not found or attempt == ATTEMPTS - 1:
            problems.extend(found)
            break
        named = {problem.split(".")[0] for problem in found}
        if not named <= cases.FAULTS.keys():
            problems.extend(found)
            break
        only = sorted(named)
    return count


# Of the queries of cases.NODES, those that auto_explain logs in the test: one of each odd thing.
LOGGED = ("seq_scan", "index_only", "bitmap_or", "hash_join", "sort", "sub_plan", "init_plan", "cte", "function", "update")


def check_logged(pgsift, server, folder, wanted, problems):
    """auto_explain writes plans in each format into each kind of log: what is read of each is what EXPLAIN says."""
    folder.mkdir()
    logs = server.folder / "data" / "logs"
    connection = server.connect()
    cursor = connection.cursor()
    cursor.execute("LOAD 'auto_explain'")
    count = 0
    for form in FORMATS:
        begin = {path.name: path.stat().st_size for path in logs.iterdir()}
        for name in LOGGED:
            *before, last = split(cases.NODES[name])
            cursor.execute("BEGIN")
            for statement in before:
                cursor.execute(statement)
            for setting in ("min_duration = 0", "analyze = on", "buffers = on", "wal = on", "verbose = on", "settings = on",
                            f"format = {form}"):
                cursor.execute(f"SET LOCAL auto_explain.log_{setting}")
            cursor.execute(last)
            cursor.execute("ROLLBACK; RESET ALL")
        # What the collector has of the last statement it has of all before.
        end = f"end of {form}"
        cursor.execute(f"DO $$ BEGIN RAISE LOG '{end}'; END $$")
        for name, size in begin.items():
            path = logs / name
            deadline = time.monotonic() + 10
            while end.encode() not in path.read_bytes()[size:] and time.monotonic() < deadline:
                time.sleep(0.05)
            where = folder / f"{form}.{name}"
            where.mkdir()
            (where / name).write_bytes(path.read_bytes()[size:])
            try:
                report = run_pgsift(pgsift, where)
            except AssertionError as error:
                problems.append(f"auto_explain: {form} in {name}: {error}")
                continue
            plans = {" ".join(plan.get("query", "").split()): plan for plan in report["plans"]}
            for query in LOGGED:
                plan = plans.get(" ".join(split(cases.NODES[query])[-1].split()))
                label = f"auto_explain: {query} in {form} in {name}"
                if plan is None:
                    problems.append(f"{label}: was not read; there are {sorted(plans)}")
                    continue
                count += 1
                compare_nodes(label, query, wanted[f"{query}.json"], plan, problems)
    connection.close()
    return count


def names_of(report):
    return {finding["name"] for finding in report["findings"]}


def check_statistics(pgsift, server, folder, problems):
    """With the statistics of the server beside the plan: most rows changed since the last ANALYZE, or none did."""
    folder.mkdir()
    script = folder / "snapshot.sql"
    script.write_text(subprocess.run([pgsift, "snapshot"], capture_output=True, text=True, check=True).stdout)
    connection = server.connect()
    cursor = connection.cursor()
    for which, before in (("without", ()), ("with", ("UPDATE shifted SET state = 'old' WHERE id > 200",))):
        for statement in before:
            cursor.execute(statement)
        plan = explain(cursor, "SELECT * FROM shifted WHERE state = 'old'", "ANALYZE, BUFFERS, VERBOSE")
        where = folder / which
        where.mkdir()
        (where / "plan.txt").write_text(plan)
        # The counters of a session reach the views within a second.
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            cursor.execute("SELECT n_mod_since_analyze FROM pg_stat_all_tables WHERE relname = 'shifted'")
            if (cursor.fetchone()[0] > 0) == bool(before):
                break
            time.sleep(0.1)
        done = subprocess.run(["psql", "-X", "-q", "-h", str(server.folder), "-U", "postgres",
                               "-d", "postgres", "-f", str(script)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            problems.append(f"the statistics could not be exported: {done.stderr}")
            return 0
        (where / "snapshot.json").write_text(done.stdout)
        names = names_of(run_pgsift(pgsift, where, "--snapshot", "snapshot.json"))
        if ("stale-table-statistics" in names) != (which == "with"):
            problems.append(f"stale-table-statistics, {which}: {sorted(names)}\n{plan}")
    cursor.execute("UPDATE shifted SET state = 'new'; ANALYZE shifted")
    connection.close()
    return 2


def check_regression(pgsift, server, folder, problems):
    """A query that changes its plan for the worse half-way through a log, and one that does not."""
    folder.mkdir()
    log = server.folder / "data" / "logs" / "server.log"
    connection = server.connect()
    cursor = connection.cursor()
    cursor.execute("LOAD 'auto_explain'")
    for which in ("with", "without"):
        begin = log.stat().st_size
        cursor.execute("BEGIN")
        for setting in ("min_duration = 0", "analyze = on", "format = json"):
            cursor.execute(f"SET LOCAL auto_explain.log_{setting}")
        for half in range(2):
            if half == 1 and which == "with":
                cursor.execute("DROP INDEX items_order_idx")
            for key in range(5):
                # Ten scans a statement: what the machine's load adds to one must not hide the change.
                cursor.execute(
                    "SELECT (SELECT sum(quantity) FROM items WHERE order_id = k)"
                    f" FROM generate_series({key + 1}, {key + 10}) AS k"
                )
        cursor.execute("ROLLBACK")
        end = f"end of regression {which}"
        cursor.execute(f"DO $$ BEGIN RAISE LOG '{end}'; END $$")
        deadline = time.monotonic() + 10
        while end.encode() not in log.read_bytes()[begin:] and time.monotonic() < deadline:
            time.sleep(0.05)
        where = folder / which
        where.mkdir()
        (where / "server.log").write_bytes(log.read_bytes()[begin:])
        names = names_of(run_pgsift(pgsift, where))
        if ("plan-regression" in names) != (which == "with"):
            problems.append(f"plan-regression, {which}: {sorted(names)}")
    connection.close()
    return 20


def main():
    pgsift, *arguments = sys.argv[1:]
    # --keep DIR: the plans of the last version stay there.
    keep = arguments[arguments.index("--keep") + 1] if "--keep" in arguments else None
    # --only RULE,RULE: the cases of these rules alone.
    only = arguments[arguments.index("--only") + 1].split(",") if "--only" in arguments else ()
    versions = [int(each) for each in arguments if each.isdigit()]
    if "all" in arguments:
        versions = [14, 15, 16, 17, 18]
    versions = versions or list(servers.DEFAULT_VERSIONS)
    missing = [version for version in versions if servers.find_programs(version) is None]
    if missing:
        print(f"plans test: no server of {missing}; `npm ci` in tests/server installs them", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 77)
    problems = []
    for version in versions:
        before = len(problems)
        with PlanServer(version) as server, tempfile.TemporaryDirectory(prefix="pgsift-plans-") as folder:
            folder = pathlib.Path(folder)
            if only:
                count = check_faults(pgsift, server, folder / "faults", only, problems)
                print(f"PostgreSQL {version}: {count} plans, {len(problems) - before} problems")
                continue
            explained = check_formats(pgsift, server, folder / "formats", problems)
            # First of all what asks for tables as they were: faults leave dead rows.
            count = len(explained) + check_logged(pgsift, server, folder / "logged", explained, problems)
            count += check_regression(pgsift, server, folder / "regression", problems)
            count += check_statistics(pgsift, server, folder / "statistics", problems)
            count += check_faults_again(pgsift, server, folder / "faults", (), problems)
            if keep:
                shutil.copytree(folder, keep, dirs_exist_ok=True)
        print(f"PostgreSQL {version}: {count} plans, {len(problems) - before} problems")
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
