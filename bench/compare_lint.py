#!/usr/bin/env python3
"""Lints the same 700 generated migrations (1 MB) with build/pgsift and with squawk (npm: squawk-cli), turn
by turn in one run. Prints medians of user and wall time and their ratios. squawk is installed into
build/bench/squawk if it is not there."""
import os
import pathlib
import statistics
import subprocess
import sys
import time

from whole_runs import PGSIFT, WORK, make_migrations

ROUNDS = 15


def squawk():
    folder = WORK / "squawk"
    binary = folder / "node_modules/.bin/squawk"
    if not binary.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "squawk-cli"], cwd=folder,
                       check=True, stdout=subprocess.DEVNULL)
    # The npm package is a script of Node.js around a native binary: time that itself.
    native = [path for path in folder.glob("node_modules/**/*") if path.is_file() and os.access(path, os.X_OK)
              and path.open("rb").read(4) == b"\x7fELF"]
    return str(native[0]) if native else str(binary)


def timed(arguments):
    begin = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime, usage.ru_utime + usage.ru_stime, time.perf_counter() - begin


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    folder = WORK / "migrations"
    size = make_migrations(folder)
    files = sorted(str(path) for path in folder.iterdir())
    other = squawk()
    version = subprocess.run([other, "--version"], capture_output=True, text=True).stdout.strip()
    commands = {
        "pgsift": [PGSIFT, "lint", "--fail-on", "never", "--format", "concise", str(folder)],
        "pgsift, its start alone": [PGSIFT, "--version"],
        version or "squawk": [other, *files],
    }
    times = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, arguments in commands.items():
            times[name].append(timed(arguments))
    print(f"{len(files)} files, {size / 1e6:.2f} MB, {os.cpu_count()} processors, {ROUNDS} rounds, medians")
    medians = {}
    for name, runs in times.items():
        medians[name] = [statistics.median(run[i] for run in runs) for i in range(3)]
        user, both, wall = medians[name]
        print(f"{name:26} user {user * 1e3:8.1f} ms   user+system {both * 1e3:8.1f} ms   wall {wall * 1e3:8.1f} ms")
    ours, theirs = medians["pgsift"], medians[version or "squawk"]
    print(f"user time: squawk / pgsift = {theirs[0] / ours[0]:.1f}, wall time: {theirs[2] / ours[2]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
