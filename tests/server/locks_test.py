#!/usr/bin/env python3
"""Compares what `pgsift locks` predicts with what real servers do, statement by statement.

    locks_test.py build/pgsift                compare; exit status 1 when anything differs
    locks_test.py --observe                   print what the servers did, as JSON lines
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import signal
import sys
import time

import compare
import corpus
import observe
import servers

SKIPPED = 77  # what ctest takes for "skipped"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pgsift", nargs="?", help="the program whose predictions are compared")
    parser.add_argument("--observe", action="store_true", help="print observations as JSON lines, compare nothing")
    parser.add_argument("--only", default="", metavar="REGEX", help="corpus files to run")
    parser.add_argument("--pg", type=int, action="append", metavar="N", help="a version to run (repeatable)")
    parser.add_argument("--mode", choices="AB", help="A: each statement by itself; B: each file as one transaction")
    parser.add_argument("--brief", action="store_true", help="one line for each mismatch")
    given = parser.parse_args()
    if not given.observe and not given.pgsift:
        parser.error("give the program or --observe")
    if not given.pg:
        given.pg = servers.KNOWN_VERSIONS if os.environ.get("PGSIFT_SERVERS") == "all" else servers.DEFAULT_VERSIONS
    return given


def make_database(server, file):
    """The base schema of one file as a database to copy; returns its name."""
    name = f"base_{file.name}"
    connection = server.connect()
    connection.cursor().execute(f'CREATE DATABASE "{name}"')
    connection.close()
    connection = server.connect(name, search_path="public")
    with connection.cursor() as cursor:
        for statement in file.schema:
            if server.version in statement.versions:
                try:
                    cursor.execute(statement.sql)
                except Exception as error:
                    raise RuntimeError(f"{statement.path}:{statement.line}: {server.version}: {error}") from error
    connection.close()
    return name


@contextlib.contextmanager
def copy_of(server, base, mode):
    name = f"{base}_{mode}"
    connection = server.connect()
    cursor = connection.cursor()
    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{base}"')
    try:
        yield name
    finally:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.close()


def run_file(server, file, modes):
    """[(mode, [Observation])]. B goes first: roles and the like outlive the database of A."""
    base = make_database(server, file)
    results = []
    for mode in sorted(modes, reverse=True):
        statements = [s for s in file.statements if s.runs_in(mode, server.version)]
        run = observe.each_by_itself if mode == "A" else observe.as_one_transaction
        with copy_of(server, base, mode) as database:
            results.append((mode, list(run(server, database, statements))))
    connection = server.connect()
    connection.cursor().execute(f'DROP DATABASE "{base}"')
    connection.close()
    return results


def main():
    given = options()
    started = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    files = corpus.read_all(given.only)
    missing = [v for v in given.pg if not servers.find_programs(v)]
    for version in missing:
        print(f"server test: no PostgreSQL {version}; ./dev install-deps installs it", file=sys.stderr)
    if missing and os.environ.get("CI") == "true":
        return 1
    versions = [v for v in given.pg if v not in missing]
    if not versions:
        return SKIPPED

    totals = compare.Totals()
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(servers.Server(version)) for version in versions]
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(2 * (os.cpu_count() or 1)))
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        jobs = [(server, file, pool.submit(run_file, server, file, given.mode or "AB"))
                for file in files for server in running]
        for server, file, job in jobs:
            try:
                results = job.result()
            except RuntimeError as error:
                totals.defect(str(error))
                continue
            for mode, observations in results:
                if given.observe:
                    for observation in observations:
                        print(json.dumps({"pg": server.version, "mode": mode, **observation.as_json()}))
                        totals.observed(server.version, mode, observation)
                else:
                    compare.compare_file(given.pgsift, server.version, mode, file, observations, totals, given.brief)
    totals.print_summary(time.monotonic() - started, sys.stderr if given.observe else sys.stdout)
    return 0 if totals.agrees() else 1


if __name__ == "__main__":
    sys.exit(main())
