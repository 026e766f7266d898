"""Compares what pgsift reads of plans with real servers.

- The same query explained in all four formats gives the same model.
- Each fault of cases.py is found in the plan that has it, and not in the plan without it.
- The exclusive times of all plans add up to their roots'.
- auto_explain's entries are read in the log, in all four formats.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import cases
import servers

FORMATS = ("json", "text", "yaml", "xml")

# What differs from run to run, or says where it stands in the input.
MASKED = {"line", "exclusive_ms", "inclusive_ms", "uncertainty_ms", "share", "startup_ms", "critical", "buffers",
          "own_buffers", "wal_bytes", "wal_fpi", "wal_records"}
# Each run of these leaves dead rows behind, also when it is undone: the table grows.
GROWING = {"insert", "on_conflict", "update", "delete", "cte_insert", "lock_rows"}
MASKED_WHERE_GROWING = {"cost", "startup_cost", "own_cost", "rows_planned", "misestimate"}


class PlanServer(servers.Server):
    settings = {
        **servers.SETTINGS,
        "shared_buffers": "64MB",
        "track_io_timing": "on",
        "synchronous_standby_names": "''",
    }
    # What shows up in EXPLAIN (SETTINGS) must be what a case sets.
    for name in ("jit", "max_parallel_workers_per_gather", "max_parallel_maintenance_workers"):
        del settings[name]

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
            if [node["type"] for node in plan["nodes"]] != [node["type"] for node in wanted["nodes"]]:
                problems.append(f"{name}.{form}: other nodes than in JSON")
                continue
            for a, b in zip(wanted["nodes"], plan["nodes"]):
                a, b = masked(name, a), masked(name, b)
                for key in sorted(set(a) | set(b)):
                    if a.get(key) != b.get(key):
                        problems.append(f"{name}.{form}: node {a['id']} {a['type']}: {key} is {b.get(key)!r}, "
                                        f"in JSON {a.get(key)!r}")
            for key in ("settings", "shape", "analyzed"):
                if plan.get(key) != wanted.get(key):
                    problems.append(f"{name}.{form}: {key} is {plan.get(key)!r}, in JSON {wanted.get(key)!r}")
            if [t.get("constraint") for t in plan.get("triggers", [])] != \
               [t.get("constraint") for t in wanted.get("triggers", [])]:
                problems.append(f"{name}.{form}: other triggers than in JSON")
    check_sums(report, problems)
    return len(report["plans"])


def check_faults(pgsift, server, folder, problems):
    connection = server.connect()
    cursor = connection.cursor()
    folder.mkdir()
    for rule, scripts in cases.FAULTS.items():
        if rule == "memoize-useless" and server.version < 14:
            continue
        for which, script in zip(("with", "without"), scripts):
            if server.version < 14:
                script = script.replace("SET enable_memoize = off; ", "")
            text = explain(cursor, script, "ANALYZE, BUFFERS, VERBOSE, SETTINGS, WAL")
            (folder / f"{rule}.{which}.txt").write_text(text)
    connection.close()
    report = run_pgsift(pgsift, folder)
    found = {}
    for finding in report["findings"]:
        found.setdefault(finding["path"].removeprefix("./"), set()).add(finding["name"])
    for path in sorted(folder.iterdir()):
        rule, which, _ = path.name.rsplit(".", 2)
        names = found.get(path.name, set())
        if which == "with" and rule not in names:
            problems.append(f"{path.name}: {rule} was not found, but {sorted(names)}\n{path.read_text()}")
        if which == "without" and rule in names:
            problems.append(f"{path.name}: {rule} was found where it is not\n{path.read_text()}")
    check_sums(report, problems)
    return len(report["plans"])


def check_logged(pgsift, server, folder, problems):
    """auto_explain writes a plan in each format; pgsift must find four of one query in the server's log."""
    connection = server.connect()
    cursor = connection.cursor()
    cursor.execute("LOAD 'auto_explain'")
    for form in FORMATS:
        cursor.execute("SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on; "
                       f"SET auto_explain.log_format = {form}")
        cursor.execute(f"SELECT count(*) /* {form} */ FROM items WHERE product_id = 7")
    connection.close()
    folder.mkdir()
    (folder / "server.log").write_bytes((server.folder / "log").read_bytes())
    report = run_pgsift(pgsift, folder)
    nodes = [[node["type"] for node in plan["nodes"]] for plan in report["plans"]
             if "items" in plan.get("query", "")]
    if not nodes or any(each != ["Aggregate", "Seq Scan"] for each in nodes):
        problems.append(f"auto_explain: the log's plans have nodes {nodes}")
    runs = sum(variant["runs"] for group in report.get("plan_groups", []) for variant in group["variants"]
               if "items" in group.get("query", ""))
    if runs != len(FORMATS):
        problems.append(f"auto_explain: {runs} runs of the query in the log, not {len(FORMATS)}")


def main():
    pgsift, *arguments = sys.argv[1:]
    # --keep DIR: the plans of the last version stay there.
    keep = arguments[arguments.index("--keep") + 1] if "--keep" in arguments else None
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
            count = check_formats(pgsift, server, folder / "formats", problems)
            count += check_faults(pgsift, server, folder / "faults", problems)
            check_logged(pgsift, server, folder / "logged", problems)
            if keep:
                shutil.copytree(folder, keep, dirs_exist_ok=True)
        print(f"PostgreSQL {version}: {count} plans, {len(problems) - before} problems")
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
