"""A real Prometheus scrapes `monitor --follow --listen`, and is asked for what it got.
Usage: prometheus.py PGSIFT. Exit status 77: Debian's package prometheus is not installed."""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from growing_log import GrowingLog, wait_until

pgsift = os.path.realpath(sys.argv[1])
prometheus = shutil.which("prometheus")
if prometheus is None:
    print("prometheus is not installed; ./dev install-deps installs it")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)


def get(url):
    """Status and text."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def monitor(log, address):
    return subprocess.Popen([pgsift, "monitor", "--follow", log, "--listen", address, "--refresh", "0.3"],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process, status, said):
    _, err = process.communicate(timeout=20)
    assert process.returncode == status and re.search(said, err), (process.returncode, err)


def check(folder):
    log = GrowingLog(folder / "postgresql.log")
    log.write(150)
    ours = monitor(log.path, "127.0.0.1:0")
    server = None
    try:
        line = ours.stderr.readline()
        address = re.search(r"http://(127\.0\.0\.1:\d+)/metrics", line)
        assert address, line
        target = address[1]
        wait_until(lambda: get(f"http://{target}/healthz") == (200, "ok\n"), 20, told="/healthz says ok")
        assert get(f"http://{target}/nothing")[0] == 404

        # Who comes second is told, and answers no scrape.
        ended(monitor(log.path, target), 2, r"--listen: .* cannot be listened at: .*in use; give another port")
        ended(monitor(log.path, "nonsense"), 2, r"'nonsense' is no address")
        ended(monitor(str(folder / "missing.log"), "127.0.0.1:0"), 2, r"missing\.log: .*no such file|missing\.log")

        port = free_port()
        (folder / "prometheus.yml").write_text(json.dumps({
            "global": {"scrape_interval": "1s"},
            "scrape_configs": [{"job_name": "pgsift", "static_configs": [{"targets": [target]}]}]}))
        with open(folder / "prometheus.out", "w", encoding="utf-8") as output:
            server = subprocess.Popen([prometheus, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                                       f"--web.listen-address=127.0.0.1:{port}"], stdout=output, stderr=output)

        def asked(expression):
            status, text = get(f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(expression)}")
            if status != 200:
                return None
            return [float(each["value"][1]) for each in json.loads(text)["data"]["result"]]

        wait_until(lambda: asked("pgsift_log_statements_total") == [150], 40, told="Prometheus has the first 150 statements")
        log.rename()
        log.write(250)
        wait_until(lambda: asked("pgsift_log_statements_total") == [403], 40, told="Prometheus has those after the rotation")
        assert asked('up{job="pgsift"}') == [1]
        calls = wait_until(lambda: asked("sum(pgsift_query_calls_total)"), 5, told="calls of shapes")
        assert calls == [403], calls
        assert len(asked("pgsift_health_score")) == 1
        names = set(re.findall(r"^# TYPE (\w+) ", get(f"http://{target}/metrics")[1], re.M))
        begin = time.monotonic()
        ours.send_signal(signal.SIGTERM)
        ended(ours, 0, "")
        assert time.monotonic() - begin < 5
        assert get(f"http://{target}/metrics")[0] == 0
        return len(names)
    finally:
        for process in (ours, server):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()


with tempfile.TemporaryDirectory(prefix="pgsift-prometheus-") as scratch:
    print(f"Prometheus scraped {check(pathlib.Path(scratch))} families and counts every statement once")
