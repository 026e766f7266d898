#!/usr/bin/env python3
"""Reads logs on the workers of a Dask cluster: each shard becomes a partial, partials merge in a tree.

    pgsift_dask.py --scheduler tcp://host:8786 --pgsift /usr/local/bin/pgsift -o report.json SHARD…

Shards are paths that every worker can read: files that each begin and end where a record does, such as a
server's rotated logs. Dask schedules, retries and moves the partials (well under 1 % of the logs); pgsift
maps and merges. A task may run twice, after a worker was lost: its result counts once, for a partial is a
value, and the tree merges each exactly once.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

RETRIES = 3
FAN_IN = 16


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command[:3])} …: {done.stderr.strip()}")


def map_shard(pgsift, options, shard):
    """The partial of one shard, as bytes."""
    with tempfile.TemporaryDirectory(prefix="pgsift-") as folder:
        partial = pathlib.Path(folder) / "partial"
        run([pgsift, "logs", shard, *options, "--jobs", "1", "--partial", str(partial), "-o", f"{folder}/report.json"])
        return partial.read_bytes()


def write_all(folder, partials):
    paths = []
    for i, data in enumerate(partials):
        path = pathlib.Path(folder) / f"{i:05}"
        path.write_bytes(data)
        paths.append(str(path))
    return paths


def merge(pgsift, *partials):
    """One partial of several."""
    with tempfile.TemporaryDirectory(prefix="pgsift-") as folder:
        merged = pathlib.Path(folder) / "merged"
        run([pgsift, "merge", *write_all(folder, partials), "--partial", str(merged), "-o", f"{folder}/report.json"])
        return merged.read_bytes()


def submit(client, pgsift, options, shards):
    """The future of the partial of all shards. Neighbours merge first, so that order is kept."""
    level = [client.submit(map_shard, pgsift, options, shard, retries=RETRIES, pure=False) for shard in shards]
    while len(level) > 1:
        level = [client.submit(merge, pgsift, *level[i:i + FAN_IN], retries=RETRIES, pure=False)
                 for i in range(0, len(level), FAN_IN)]
    return level[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scheduler", required=True, help="address of the Dask scheduler")
    parser.add_argument("--pgsift", default="pgsift", help="the program, on every worker and here")
    parser.add_argument("-o", "--output", default="report.json", help="its ending chooses the format")
    parser.add_argument("--option", action="append", default=[], help="for `pgsift logs`, such as --option=--slow-ms=50")
    parser.add_argument("shards", nargs="+")
    arguments = parser.parse_args()
    from distributed import Client
    with Client(arguments.scheduler) as client, tempfile.TemporaryDirectory(prefix="pgsift-") as folder:
        partial = submit(client, arguments.pgsift, arguments.option, arguments.shards).result()
        path = pathlib.Path(folder) / "whole"
        path.write_bytes(partial)
        sys.exit(subprocess.run([arguments.pgsift, "merge", str(path), "-o", arguments.output], check=False).returncode)


if __name__ == "__main__":
    main()
