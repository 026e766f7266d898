#!/usr/bin/env python3
"""Runs pgsift and its peers that are installed (rg, pgbadger) on the same log, alternately, and prints
the ratios. What they answer is checked before a time counts.

Usage: bench/compare.py LOG [--runs 7] [--pgbadger-bytes 20000000] [--jobs 2] [--pgsift PROGRAM]
Writes the same to bench/runs/ with --save NAME.
"""
import argparse
import json
import os
import pathlib
import platform
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PGSIFT = ROOT / "build/pgsift"


def watch(pid):
    """The most memory of a process until it ends, in MB."""
    peak = 0
    while True:
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return peak
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        if found is None:  # It has ended, and waits for its parent.
            return peak
        peak = max(peak, int(found[1]) / 1024)
        time.sleep(0.02)


def run(command):
    """Wall seconds, processor seconds, peak MB and output of a run."""
    with tempfile.TemporaryFile() as out:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        # What the kernel counts for the child holds this script's own memory, from before it became the
        # program; the program's is read while it runs.
        watcher = threading.Thread(target=lambda: peaks.append(watch(process.pid)))
        peaks = []
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        watcher.join()
        peak = peaks[0]
        if status not in (0, 256):
            raise RuntimeError(f"{command[0]} failed: {status}")
        out.seek(0)
        return wall, usage.ru_utime + usage.ru_stime, peak, out.read()


def truth(log):
    """Lines with a duration, counted here."""
    with open(log, "rb") as stream:
        return sum(b"duration" in line for line in stream)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--jobs", default="2")
    parser.add_argument("--pgbadger-bytes", type=int, default=20_000_000)
    parser.add_argument("--pgsift", default=str(PGSIFT), help="the program (build/pgsift)")
    parser.add_argument("--save")
    arguments = parser.parse_args()
    log, size = arguments.log, os.path.getsize(arguments.log)
    lines = []

    def say(text):
        print(text, flush=True)
        lines.append(text)

    load = os.getloadavg()[0]
    say(f"{os.path.basename(log)}: {size / 1e6:.0f} MB; {os.cpu_count()} processors, {platform.machine()}, load {load:.1f}")
    count = truth(log)
    pgsift_command = [arguments.pgsift, "logs", "--jobs", arguments.jobs, "--format", "json", log]
    rg = shutil.which("rg")
    rg_command = [rg, "-c", "duration", log] if rg else None
    walls = {"pgsift": [], "rg": []}
    cpus = {"pgsift": [], "rg": []}
    memory = 0
    for _ in range(arguments.runs):
        if rg_command:
            wall, cpu, _, out = run(rg_command)
            assert int(out) == count, (out, count)
            walls["rg"].append(wall)
            cpus["rg"].append(cpu)
        wall, cpu, peak, out = run(pgsift_command)
        report = json.loads(out)
        source = report["inputs"][0]
        assert source["skipped_bytes"] == 0 and source["bytes"] == size, source
        workload = report["workload"]
        assert sum(query["calls"] for query in workload["queries"]) == workload["statements"]
        walls["pgsift"].append(wall)
        cpus["pgsift"].append(cpu)
        memory = max(memory, peak)
    mine = statistics.median(walls["pgsift"])
    say(f"pgsift logs --jobs {arguments.jobs}: {mine:.3f} s wall, {statistics.median(cpus['pgsift']):.3f} s of processor, "
        f"{size / 1e6 / mine:.0f} MB/s, {memory:.0f} MB; {workload['records']} records, {workload['statements']} statements")
    if rg_command:
        other = statistics.median(walls["rg"])
        say(f"rg -c duration: {other:.3f} s wall, {size / 1e6 / other:.0f} MB/s; pgsift takes {mine / other:.1f} times as long")
    if shutil.which("pgbadger") and arguments.pgbadger_bytes:
        with tempfile.TemporaryDirectory() as folder:
            part = os.path.join(folder, "part.log")
            with open(log, "rb") as stream, open(part, "wb") as out:
                data = stream.read(arguments.pgbadger_bytes)
                out.write(data[:data.rfind(b"\n") + 1])
            part_size = os.path.getsize(part)
            command = ["pgbadger", "-q", "-j", arguments.jobs, "-x", "json", "-o", os.path.join(folder, "o.json"), part]
            wall, _, _, _ = run(command)
            say(f"pgbadger -j {arguments.jobs} on its first {part_size / 1e6:.0f} MB: {wall:.1f} s, {part_size / 1e6 / wall:.2f} MB/s; "
                f"pgsift reads {size / mine / (part_size / wall):.0f} times as many bytes a second")
    if arguments.save:
        folder = ROOT / "bench/runs"
        folder.mkdir(exist_ok=True)
        (folder / f"{arguments.save}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
