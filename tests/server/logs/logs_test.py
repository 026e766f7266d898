#!/usr/bin/env python3
"""Compares `pgsift logs` with a real server: logs_test.py PGSIFT [VERSION…].

The server writes stderr, csvlog and jsonlog at once; the three reports must be equal, equal to a count of
the jsonlog by a few lines here that share nothing with pgsift, and, statement by statement, to
pg_stat_statements. Exit status 77: no server to test with.
"""
import collections
import json
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from log_server import LogServer, run_workload, servers  # noqa: E402

PGSIFT = sys.argv[1]
EXECUTED = re.compile(r"duration: (\d+)\.(\d{3}) ms  (statement|execute) ?", re.S)


def report(*arguments):
    done = subprocess.run([PGSIFT, *map(str, arguments), "--format", "json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Checks:
    def __init__(self, version):
        self.version, self.failed, self.count = version, 0, 0

    def equal(self, what, got, expected):
        self.count += 1
        if got != expected:
            self.failed += 1
            print(f"  {self.version}: {what}: {got!r}, expected {expected!r}")


def count_json(path):
    """What a jsonlog says, counted without pgsift."""
    truth = collections.Counter()
    durations, calls, peak, now = [], collections.Counter(), 0, 0
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        message = record["message"]
        truth["records"] += 1
        executed = EXECUTED.match(message)
        if executed:
            us = int(executed[1]) * 1000 + int(executed[2])
            durations.append(us)
            truth["statements"] += 1
            truth["total_us"] += us
            calls[record.get("dbname"), record.get("user"), record.get("query_id", 0)] += 1
        if record["error_severity"] in ("ERROR", "FATAL", "PANIC"):
            truth["errors"] += 1
            truth["state " + record["state_code"]] += 1
        if message.startswith("temporary file:"):
            truth["temp_files"] += 1
            truth["temp_bytes"] += int(message.rsplit(" ", 1)[1])
        truth["authorized"] += message.startswith("connection authorized")
        truth["disconnections"] += message.startswith("disconnection")
        truth["waits"] += "still waiting for" in message
        truth["acquired"] += bool(re.match(r"process \d+ acquired ", message))
        truth["deadlocks"] += message == "deadlock detected"
        # A session that ends before it has begun (no such database) writes no disconnection.
        now += message.startswith("connection authorized") - message.startswith("disconnection")
        now -= record["error_severity"] == "FATAL" and message.startswith('database "')
        peak = max(peak, now)
    truth["peak"] = peak
    return truth, sorted(durations), calls


def comparable(workload, keep_temp=True):
    """A report without places, which differ between the files."""
    queries = {}
    for query in workload["queries"]:
        fields = {key: query.get(key) for key in ("calls", "total_ms", "min_ms", "max_ms", "stddev_ms", "p50_ms", "p99_ms",
                                                  "errors", "temp_bytes", "parses", "binds", "parse_ms", "bind_ms",
                                                  "lock_waits", "query", "databases", "users", "applications", "series")}
        queries[query["id"]] = fields
    return {"queries": queries,
            "events": {name: event["count"] for name, event in workload["events"].items()},
            "totals": [workload[key] for key in ("records", "statements", "sessions", "total_ms", "first_time", "last_time",
                                                 "transactions", "temp_files", "checkpoints", "autovacuum",
                                                 "unattributed_durations")],
            "connections": workload["connections"],
            "errors": sorted((error["level"], error["message"], error["count"]) for error in workload["errors"]),
            "locks": [(wait["mode"], wait["object"], wait["holders"], wait["queue"], wait["waited_ms"], wait["acquired"],
                       wait.get("statement")) for wait in workload["locks"]["examples"]],
            "cycles": [cycle["processes"] for cycle in workload["locks"]["cycles"]]}


def shape_of_rows(rows, folder):
    """The shape that pgsift sees in each text of pg_stat_statements, told by a log made of these texts."""
    path = folder / "rows.json"
    with open(path, "w", encoding="utf-8") as out:
        for i, row in enumerate(rows):
            out.write(json.dumps({"timestamp": "2026-11-24 10:00:00.000 UTC", "pid": 1, "error_severity": "LOG",
                                  "message": "duration: 1.000 ms  statement: " + row[2],
                                  "application_name": f"row{i}"}).replace('": ', '":') + "\n")
    shapes = {}
    for query in report("logs", path)["workload"]["queries"]:
        for name in query["applications"]:
            shapes[int(name[3:])] = query["id"]
    return shapes


def check_statements(checks, workload, rows, calls, folder):
    # The view has no DEALLOCATE, and none of the BEGIN and END that a prepared statement repeats;
    # EXECUTE counts there as its PREPARE.
    explained = re.compile(r"\s*(BEGIN|END|COMMIT|ROLLBACK|DEALLOCATE|EXECUTE|PREPARE)\b", re.I)
    by_id = collections.Counter()
    for database, user, _, count, queryid in rows:
        by_id[database, user, queryid] += count
    compared = 0
    for database, user, text, count, queryid in rows:
        if explained.match(text) or "pg_stat_statements" in text:
            continue
        compared += 1
        checks.equal(f"calls of {queryid} in the log: {text[:60]}", calls[database, user, queryid], by_id[database, user, queryid])
    assert compared > 25, compared
    shapes = shape_of_rows(rows, folder)
    expected = collections.Counter()
    for i, row in enumerate(rows):
        if not explained.match(row[2]) and "pg_stat_statements" not in row[2]:
            expected[shapes[i]] += row[3]
    got = {query["id"]: query["calls"] for query in workload["queries"]}
    for shape, count in expected.items():
        checks.equal(f"calls of shape {shape}", got.get(shape), count)


def check_jobs_and_partials(checks, path, folder):
    whole = report("logs", path, "--jobs", "1")
    checks.equal("--jobs 3", report("logs", path, "--jobs", "3"), whole)
    lines = path.read_bytes().splitlines(keepends=True)
    # Cut at a third and two thirds, wherever records are.
    parts = []
    for i, (begin, end) in enumerate(((0, len(lines) // 3), (len(lines) // 3, len(lines) * 2 // 3), (len(lines) * 2 // 3, None))):
        part = folder / f"part{i}.json"
        part.write_bytes(b"".join(lines[begin:end]))
        report("logs", part, "--partial", folder / f"part{i}.partial")
        parts.append(folder / f"part{i}.partial")
    merged = report("merge", *reversed(parts))["workload"]
    one, two = comparable(merged), comparable(whole["workload"])
    for key in one:
        checks.equal(f"merged {key}", one[key], two[key])


def check_version(version):
    checks = Checks(version)
    with LogServer(version) as server, tempfile.TemporaryDirectory() as scratch:
        rows = run_workload(server)
        server.finish()
        folder = pathlib.Path(scratch)
        truth, durations, calls = count_json(server.log("json"))
        reports = {ending: report("logs", server.log(ending)) for ending in ("log", "csv", "json")}
        for ending, each in reports.items():
            source = each["inputs"][0]
            checks.equal(f"{ending}: skipped bytes", source["skipped_bytes"], 0)
            checks.equal(f"{ending}: records", source["records"], truth["records"])
        workload = reports["json"]["workload"]
        for ending in ("csv", "log"):
            one, two = comparable(reports[ending]["workload"]), comparable(workload)
            for key in two:
                if ending == "log" and key == "queries":
                    # Clients are not in this prefix; all else is.
                    pass
                checks.equal(f"{ending}: {key}", one[key], two[key])
        checks.equal("statements", workload["statements"], truth["statements"])
        checks.equal("total µs", round(workload["total_ms"] * 1000), truth["total_us"])
        checks.equal("sum over queries", sum(query["calls"] for query in workload["queries"]), truth["statements"])
        checks.equal("errors", sum(error["count"] for error in workload["errors"]), truth["errors"])
        checks.equal("temp files", workload["temp_files"]["count"], truth["temp_files"])
        checks.equal("temp bytes", workload["temp_files"]["bytes"], truth["temp_bytes"])
        checks.equal("temp bytes of queries", sum(query["temp_bytes"] for query in workload["queries"]), truth["temp_bytes"])
        checks.equal("sessions", workload["sessions"], truth["authorized"])
        checks.equal("disconnections", workload["connections"]["disconnections"], truth["disconnections"])
        checks.equal("peak", workload["connections"]["peak"], truth["peak"])
        checks.equal("lock waits", workload["locks"]["waits"], truth["waits"])
        checks.equal("locks acquired", workload["locks"]["acquired"], truth["acquired"])
        checks.equal("deadlocks", workload["locks"]["deadlocks"], truth["deadlocks"])
        checks.equal("deadlock's processes", [len(cycle["processes"]) for cycle in workload["locks"]["cycles"]], [2])
        checks.equal("holders are named", all(wait["holders"] for wait in workload["locks"]["examples"]), True)
        for name, state in (("statement-timeout", "57014"), ("deadlock", "40P01"), ("unique-violation", "23505"),
                            ("division-by-zero", "22012")):
            checks.equal(name, workload["events"][name]["count"], truth["state " + state])
        busiest = max(workload["queries"], key=lambda query: query["calls"])
        own = sorted(durations_of(server.log("json"), busiest["query"]))
        if own:
            for share, key in ((0.5, "p50_ms"), (0.9, "p90_ms"), (0.99, "p99_ms")):
                exact = own[max(0, math.ceil(share * len(own)) - 1)] / 1000
                checks.equal(f"{key} within 1 %", abs(busiest[key] - exact) <= exact * 0.0101 + 0.0005, True)
        checks.equal("durations were counted", len(durations) > 1000, True)
        check_statements(checks, workload, rows, calls, folder)
        check_jobs_and_partials(checks, server.log("json"), folder)
    print(f"{version}: {truth['records']} records, {truth['statements']} statements, {checks.count} checks, "
          f"{checks.failed} failed")
    return checks.failed


def durations_of(path, query):
    """The durations of the executions of pgbench's first statement, if that is `query`."""
    pattern = re.compile(r"SELECT name FROM products WHERE id = (\$1|\d+);?$", re.I)
    if not pattern.match(query):
        return []
    found = []
    for line in open(path, encoding="utf-8"):
        message = json.loads(line)["message"]
        executed = EXECUTED.match(message)
        if executed and pattern.search(message):
            found.append(int(executed[1]) * 1000 + int(executed[2]))
    return found


def main():
    versions = [int(word) for word in sys.argv[2:]] or [15, 18]
    present = [version for version in versions if servers.find_programs(version)]
    for version in versions:
        if version not in present:
            print(f"{version}: not installed here, left out; ./dev install-deps installs it")
    if os.environ.get("CI") == "true" and len(present) < len(versions):
        sys.exit(1)
    if not present:
        sys.exit(77)
    sys.exit(1 if sum(check_version(version) for version in present) else 0)


main()
