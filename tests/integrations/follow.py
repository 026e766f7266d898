"""`logs --follow` and `monitor --follow` read a log while it grows and is rotated: nothing is lost, nothing
counted twice. Usage: follow.py PGSIFT"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

from growing_log import GrowingLog, wait_until

pgsift = os.path.realpath(sys.argv[1])
# Longer than the program waits for late lines of a file that was renamed.
SETTLED = 3


def offset_of(process, log):
    """How far the process has read the log, wherever it has been renamed to."""
    inode = os.fstat(log.file.fileno()).st_ino
    for descriptor in pathlib.Path(f"/proc/{process.pid}/fd").iterdir():
        try:
            if os.stat(descriptor).st_ino == inode:
                text = pathlib.Path(f"/proc/{process.pid}/fdinfo/{descriptor.name}").read_text()
                return int(text.split()[1])
        except OSError:
            continue
    return -1


def read_all(process, log):
    return offset_of(process, log) == os.fstat(log.file.fileno()).st_size


def stop(process):
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, (process.returncode, err)
    return out


def rotations(process, log):
    """Every kind of rotation, and the program given time to read before what throws bytes away."""
    wait_until(lambda: read_all(process, log), 60, told="the first lines are read")
    log.rename()
    log.write(400)
    wait_until(lambda: read_all(process, log), 60, told="the renamed log's successor is read")
    time.sleep(1)
    log.rename(pause=0.5)
    log.write(10)
    wait_until(lambda: read_all(process, log), 60, told="the second successor is read")
    time.sleep(1)
    log.copy_and_truncate()
    log.write(30)
    wait_until(lambda: read_all(process, log), 60, told="the truncated log is read")
    time.sleep(1)  # No log is rotated in the moment that it was begun.
    # Truncated and longer than before, between two looks.
    log.copy_and_truncate()
    log.write(600)
    wait_until(lambda: read_all(process, log), 60, told="the log that outgrew its copy is read")
    log.rename()
    log.write(5)


def whole_report(folder, log):
    path = folder / "whole.txt"
    path.write_text(log.text)
    done = subprocess.run([pgsift, "logs", "--format", "json", str(path)], capture_output=True, check=True)
    return json.loads(done.stdout)["workload"]


def same(followed, whole):
    for key in ("records", "statements", "sessions", "first_time", "last_time"):
        assert followed[key] == whole[key], (key, followed[key], whole[key])
    calls = [{query["id"]: (query["calls"], query["total_ms"]) for query in each["queries"]} for each in (followed, whole)]
    assert calls[0] == calls[1], calls


def logs(folder):
    log = GrowingLog(folder / "postgresql.log")
    log.write(200)
    process = subprocess.Popen([pgsift, "logs", "--follow", "--format", "json", log.path], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    rotations(process, log)
    same(json.loads(stop(process))["workload"], whole_report(folder, log))
    return log.written


def monitor(folder):
    """A folder is followed too: the copies that rotation leaves in it are not read again, new logs are."""
    served = folder / "logs"
    served.mkdir()
    log = GrowingLog(served / "postgresql.log")
    log.write(200)
    other = folder / "report.json"
    metrics = folder / "pgsift.prom"
    process = subprocess.Popen([pgsift, "monitor", "--follow", "--refresh", "0.3", str(served), "-o", str(other),
                                "-o", str(metrics)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def counted():
        """The file is whole at any moment."""
        if not metrics.exists():
            return -1
        text = metrics.read_text()
        assert text.endswith("\n") and "pgsift_health_score " in text, text[-200:]
        return int(text.split("\npgsift_log_statements_total ")[1].split("\n")[0])

    wait_until(lambda: counted() == 200, 60, told="the first statements are counted")
    rotations(process, log)
    wait_until(lambda: counted() == log.written, 60, told="all rotations' statements are counted")
    # A server that begins a log of a new name.
    second = GrowingLog(served / "postgresql-tuesday.log")
    second.written = log.written
    second.write(77)
    total = second.written
    wait_until(lambda: counted() == total, 60, told="a new log of the folder is counted")
    time.sleep(1)
    assert counted() == total, (counted(), total)
    stop(process)
    log.text += second.text
    same(json.loads(other.read_text())["workload"], whole_report(folder, log))
    assert not list(folder.glob("*.new"))
    return total


def dashboard(folder):
    """Without -o and --listen the report is written again and again; a log may be empty at first."""
    log = GrowingLog(folder / "empty.log")
    process = subprocess.Popen([pgsift, "monitor", "--follow", "--refresh", "0.2", "--format", "json", log.path],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    log.write(40)
    time.sleep(2)
    log.write(2)
    time.sleep(SETTLED)
    out = stop(process)
    decoder, at, counts = json.JSONDecoder(), 0, []
    while at < len(out.rstrip()):
        report, at = decoder.raw_decode(out, at)
        counts.append(report.get("workload", {}).get("statements", 0))
        while at < len(out) and out[at].isspace():
            at += 1
    assert 40 in counts and counts[-1] == 42 and counts == sorted(counts), counts
    return counts


with tempfile.TemporaryDirectory(prefix="pgsift-follow-") as scratch:
    for name, check in (("logs", logs), ("monitor", monitor), ("dashboard", dashboard)):
        folder = pathlib.Path(scratch) / name
        folder.mkdir()
        print(f"{name}: {check(folder)} statements, each counted once")
