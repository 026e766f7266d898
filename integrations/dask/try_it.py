#!/usr/bin/env python3
"""Tries pgsift_dask.py on a real scheduler and three workers over loopback, one of which is killed in the
middle; the report must be that of one run over all shards. Usage: try_it.py PGSIFT LOG [SHARDS]

Exit status 77: Dask is not installed (Debian's python3-distributed).
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

try:
    from distributed import Client
except ImportError:
    sys.exit(77)
import pgsift_dask  # noqa: E402


def cut(log, count, folder):
    """Shards that begin where a line begins with a time."""
    lines = pathlib.Path(log).read_bytes().splitlines(keepends=True)
    shards, begin = [], 0
    for i in range(count):
        end = len(lines) * (i + 1) // count
        while end < len(lines) and (not lines[end].startswith(b"20") or b" LOG:  " not in lines[end]):
            end += 1
        if end > begin:
            path = folder / f"shard{i:03}.log"
            path.write_bytes(b"".join(lines[begin:end]))
            shards.append(str(path))
        begin = end
    return shards


def start(*command):
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    return subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def main():
    pgsift, log = os.path.realpath(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    with tempfile.TemporaryDirectory(prefix="pgsift-dask-") as scratch:
        folder = pathlib.Path(scratch)
        shards = cut(log, count, folder)
        scheduler_file = folder / "scheduler.json"
        processes = [start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                           "--scheduler-file", str(scheduler_file))]
        try:
            deadline = time.monotonic() + 60
            while not scheduler_file.exists():
                if time.monotonic() > deadline:
                    raise RuntimeError("the scheduler did not start")
                time.sleep(0.2)
            for i in range(3):
                processes.append(start("distributed.cli.dask_worker", "--scheduler-file", str(scheduler_file), "--nthreads", "1",
                                       "--no-nanny", "--no-dashboard", "--local-directory", str(folder / f"worker{i}"),
                                       "--host", "127.0.0.1"))
            with Client(scheduler_file=str(scheduler_file)) as client:
                client.wait_for_workers(3, timeout=60)
                future = pgsift_dask.submit(client, pgsift, [], shards)
                # Until some shards are done, and before all are.
                while len(client.run_on_scheduler(lambda dask_scheduler: [
                        key for key, task in dask_scheduler.tasks.items() if task.state == "memory"])) < 3:
                    time.sleep(0.02)
                before = future.status
                processes[1].send_signal(signal.SIGKILL)
                partial = future.result(timeout=300)
                left = len(client.scheduler_info()["workers"])
        finally:
            for process in processes:
                process.kill()
                process.wait()
        merged = folder / "merged"
        merged.write_bytes(partial)
        reports = [json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
                   for command in ([pgsift, "merge", "--format", "json", str(merged)],
                                   [pgsift, "logs", "--format", "json", *shards])]
        for report in reports:
            report["inputs"].sort(key=lambda each: each["path"])
        same = reports[0]["workload"] == reports[1]["workload"] and reports[0]["inputs"] == reports[1]["inputs"]
        statements = reports[0]["workload"]["statements"]
        print(f"{len(shards)} shards, a worker killed while the result was {before}, {left} workers left: "
              f"{statements} statements, {'equal to' if same else 'DIFFERS from'} one run over all shards; "
              f"the partial is {len(partial)} bytes of {os.path.getsize(log)}")
        sys.exit(0 if same and left == 2 and before == "pending" else 1)


if __name__ == "__main__":
    main()
