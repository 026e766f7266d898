"""Plants faults on a real server and looks whether pgsift names each, and none where there is none.

    monitor_test.py PGSIFT
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import shop  # noqa: E402

SECONDS = 32
VERSION = 15

# The test's log is half a minute long: what counts hours on a real server counts seconds here.
CONFIG = """
[monitor]
pool_max = 40

[monitor.objectives]
p95_query_time = 50

[monitor.alerts]
extremely_slow_ms = 8000
idle_in_transaction_ms = 5000
blocked_ms = 3000

[rules.long-open-transaction]
idle_min_ms = 5000

[rules.connection-storm]
per_minute_min = 20
"""

# What only the faults bring.
FAULTY = {"n-plus-one", "leaked-connections", "connection-storm", "table-read-whole", "vacuum-overdue",
          "bloated-table", "slower-query", "deadlocks", "long-open-transaction", "blocked-sessions",
          "row-by-row-insert", "lock-waits"}


class Checks:
    """Counts what was looked at, and keeps what was wrong."""

    def __init__(self):
        self.count = 0
        self.failed = []

    def that(self, right, what):
        self.count += 1
        if not right:
            self.failed.append(what)
            print(f"WRONG: {what}", flush=True)

    def find(self, report, rule, *words):
        """The report has a finding of that rule which says these words somewhere."""
        findings = [each for each in report["findings"] if each["name"] == rule]
        found = [each for each in findings if all(word in json.dumps(each) for word in words)]
        said = [each["message"] for each in findings]
        self.that(bool(found), f"{rule} about {words}; it says {said}")
        return found[0] if found else {"notes": [], "helps": [], "metrics": [], "fixes": [], "evidence": []}


class Inputs:
    """What one server leaves behind."""

    def __init__(self, pgsift, folder):
        self.pgsift = pgsift
        self.folder = folder
        folder.mkdir()
        (folder / "pgsift.toml").write_text(CONFIG)

    def run(self, *arguments, status=(0,)):
        done = subprocess.run([self.pgsift, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode not in status:
            raise RuntimeError(f"pgsift {arguments}: status {done.returncode}\n{done.stderr}\n{done.stdout[-2000:]}")
        return done.stdout

    def report(self, *arguments):
        return json.loads(self.run(*arguments, "--format", "json"))

    def psql(self, server, *arguments, database="shop"):
        command = [str(server.programs / "bin" / "psql"), "-X", "-q", "-h", str(server.folder), "-U", "postgres",
                   "-d", database, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def snapshot(self, server, name):
        script = self.folder / "snapshot.sql"
        script.write_text(self.run("snapshot"))
        done = self.psql(server, "-f", str(script))
        (self.folder / name).write_text(done.stdout)

    def take(self, server):
        """The log as it is, the statistics, the schema."""
        shutil.copy(server.log, self.folder / "postgresql.log")
        self.snapshot(server, "snapshot.json")
        dump = [str(server.programs / "bin" / "pg_dump"), "-h", str(server.folder), "-U", "postgres",
                "--schema-only", "--no-owner", "shop"]
        schema = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
        (self.folder / "schema.sql").write_text(schema)

    def take_views(self, server):
        views = self.folder / "views"
        views.mkdir()
        for view in ("pg_stat_user_tables", "pg_stat_user_indexes", "pg_stat_activity", "pg_settings",
                     "pg_stat_database", "pg_stat_statements", "pg_stats", "pg_sequences"):
            done = self.psql(server, "-c", f"\\copy (SELECT * FROM {view}) TO STDOUT CSV HEADER")
            (views / f"{view}.csv").write_text(done.stdout)


def value_of(report, name):
    for component in report["health"]["components"]:
        if component["name"] == name:
            return component
    return None


def check_faults(checks, report):
    """Each fault is named, with its cause."""
    found = checks.find(report, "n-plus-one", "order_id", "placed")
    checks.that(any("= ANY" in each or "LATERAL" in each for each in found["helps"]), "N+1: one statement instead")
    each = {metric["name"]: metric["value"] for metric in found["metrics"]}.get("calls_per_parent", 0)
    checks.that(10 <= each <= 12, f"N+1: about 12 calls after each parent, not {each}")
    found = checks.find(report, "leaked-connections", "importer")
    left = {metric["name"]: metric["value"] for metric in found["metrics"]}.get("left_open", 0)
    checks.that(12 <= left <= 20, f"leak: the importer's connections, not {left}")
    found = checks.find(report, "connection-storm", "cgi")
    short = {metric["name"]: metric["value"] for metric in found["metrics"]}.get("short_sessions", 0)
    checks.that(short == 90, f"storm: 90 short sessions, not {short}")
    checks.find(report, "table-read-whole", "public.carts")
    found = checks.find(report, "vacuum-overdue", "public.carts")
    checks.that(any("VACUUM (ANALYZE) public.carts" in fix["title"] for fix in found["fixes"]), "VACUUM is proposed")
    checks.find(report, "bloated-table", "public.carts")
    found = checks.find(report, "slower-query", "visits")
    times = {metric["name"]: metric["value"] for metric in found["metrics"]}
    checks.that(times.get("after_ms", 0) > 2 * times.get("before_ms", 1), f"regression: {times}")
    checks.find(report, "deadlocks", "stock")
    checks.find(report, "long-open-transaction", "forgetful")
    checks.find(report, "blocked-sessions", "forgetful", "idle in transaction")
    checks.find(report, "row-by-row-insert", "loaded", "400")
    checks.find(report, "lock-waits")


def check_health(checks, good, bad):
    """Objectives, and the score, which is worse where the faults are."""
    checks.that(all(0 <= report["health"]["score"] <= 100 for report in (good, bad)), "the scores are of 100")
    # How long statements take, and so who is idle, is the machine's doing as well: what the faults spoil is compared.
    # An objective that has nothing to measure is not spoilt.
    for name in ("deadlocks", "dead_rows", "blocked_sessions"):
        scores = [(value_of(report, name) or {"score": 100})["score"] for report in (good, bad)]
        checks.that(scores[1] < scores[0], f"{name}: {scores[1]} of 100 with faults, {scores[0]} without")
    for name in ("p95_query_time", "error_rate", "index_use", "cache_hit", "dead_rows",
                 "freeze_age", "deadlocks", "lock_wait_time", "temp_file_statements"):
        for report in (good, bad):
            component = value_of(report, name)
            checks.that(component is not None and 0 <= component["score"] <= 100, f"{name} is measured")
    checks.that(value_of(bad, "p95_query_time")["target"] == 50, "the configuration sets the target")
    checks.that(value_of(bad, "dead_rows")["value"] > value_of(good, "dead_rows")["value"], "dead rows are counted")
    checks.that(value_of(bad, "deadlocks")["value"] == 1, "one deadlock")
    checks.that(value_of(bad, "blocked_sessions")["value"] > 0, "a session is blocked")
    checks.that(value_of(bad, "idle_connections") is not None, "idle connections are measured")
    checks.that(value_of(good, "deadlocks")["value"] == 0, "none is without faults")
    alerts = {alert["name"] for alert in bad["health"]["alerts"]}
    for name in ("deadlock", "blocked-session", "idle-in-transaction"):
        checks.that(name in alerts, f"alert {name}, not only {alerts}")
    checks.that(not good["health"]["alerts"], f"no alert without faults: {good['health']['alerts']}")
    deadlock = next((alert for alert in bad["health"]["alerts"] if alert["name"] == "deadlock"), {})
    checks.that(deadlock.get("start", "") and deadlock.get("count") == 1, "the deadlock's alert has its time")
    checks.that(len(deadlock.get("details", [])) == 2, "and its two sessions")
    pools = {pool["name"]: pool for pool in bad["health"]["pools"]}
    checks.that({"web", "catalog", "importer", "cgi"} <= set(pools), f"applications: {sorted(pools)}")
    checks.that(pools.get("cgi", {}).get("opened") == 90, "90 connections of cgi")
    checks.that(1 <= pools.get("web", {}).get("needed", 0) <= 10, "web needs a few connections")


def check_optimize(checks, inputs, server):
    """The script runs on the server, and does what it says."""
    script = inputs.run("optimize", "postgresql.log", "snapshot.json", "--schema", "schema.sql")
    (inputs.folder / "maintenance.sql").write_text(script)
    checks.that("VACUUM (ANALYZE) public.carts;" in script, "the script vacuums carts")
    checks.that("ShareUpdateExclusiveLock" in script, "the script names the locks")
    checks.that("SRV006" in script, "each statement names its finding")
    lines = [line for line in script.splitlines() if line and not line.startswith("--")]
    checks.that(not any(line.startswith(("VACUUM FULL", "DROP TABLE")) for line in lines), "nothing dangerous runs")
    inputs.run("optimize", "postgresql.log", "snapshot.json", "-o", "again.sql")
    checks.that((inputs.folder / "again.sql").read_text().startswith("-- "), "-o FILE.sql writes the script")
    done = inputs.psql(server, "-v", "ON_ERROR_STOP=1", "-f", str(inputs.folder / "maintenance.sql"))
    checks.that(done.returncode == 0, f"psql runs the script: {done.stderr}")
    dead = server.execute("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'carts'")[0][0]
    checks.that(dead < 1000, f"{dead} dead rows are left in carts")


def check_metrics(checks, inputs):
    """promtool takes the exposition, and finds nothing to lint."""
    inputs.run("monitor", "postgresql.log", "snapshot.json", "-o", "metrics.prom")
    text = (inputs.folder / "metrics.prom").read_text()
    checks.that(text == inputs.run("monitor", "postgresql.log", "snapshot.json", "--format", "prometheus"),
                "-o FILE.prom and --format prometheus write the same")
    for name in ("pgsift_health_score ", 'pgsift_table_dead_rows{schema="public",table="carts"}',
                 'pgsift_alerts{alert="deadlock",severity="error"} 1',
                 'pgsift_statement_duration_seconds{quantile="0.95"}', 'pgsift_sessions{state="idle"}'):
        checks.that(name in text, f"metric {name}")
    promtool = shutil.which("promtool")
    if promtool is None:
        print("promtool is not installed: not checked; ./dev install-deps installs it")
        checks.that(os.environ.get("CI") != "true", "CI needs promtool")
        return
    done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    checks.that(done.returncode == 0 and not done.stderr.strip(), f"promtool: {done.stdout}{done.stderr}")


def check_views(checks, inputs):
    """CSV exports of single views say the same."""
    report = inputs.report("monitor", "views")
    checks.find(report, "vacuum-overdue", "public.carts")
    kinds = {(each["kind"], each["format"]) for each in report["inputs"]}
    checks.that(kinds == {("snapshot", "csv")}, f"the views are statistics: {kinds}")
    checks.that(value_of(report, "index_use") is not None, "index use by CSV")


def run_shop(pgsift, folder, faults, checks):
    with shop.ShopServer(VERSION) as server:
        inputs = Inputs(pgsift, folder)
        inputs.snapshot(server, "before.json")
        work = shop.Shop(server, SECONDS)
        work.run(faults)
        if not faults:
            server.execute("VACUUM (ANALYZE)")
        inputs.take(server)
        if faults:
            inputs.take_views(server)
        for connection in work.kept:
            connection.close()
        if faults:
            check_optimize(checks, inputs, server)
            server.execute("SELECT pg_stat_reset()")
            inputs.snapshot(server, "after.json")
    return inputs


def main():
    pgsift = pathlib.Path(sys.argv[1]).resolve()
    if shop.servers.find_programs(VERSION) is None:
        raise RuntimeError(f"no PostgreSQL {VERSION}; ./dev install-deps installs it")
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="pgsift-monitor-") as temporary:
        folder = pathlib.Path(temporary)
        clean = run_shop(pgsift, folder / "clean", (), checks)
        faulty = run_shop(pgsift, folder / "faulty", shop.FAULTS, checks)
        paths = ("postgresql.log", "snapshot.json")
        bad, good = faulty.report("monitor", *paths), clean.report("monitor", *paths)
        check_faults(checks, bad)
        false_alarms = [each["message"] for each in good["findings"] if each["name"] in FAULTY]
        checks.that(not false_alarms, f"none of the faults where there is none: {false_alarms}")
        check_health(checks, good, bad)
        indexes = faulty.report("analyze", *paths, "--schema", "schema.sql")["indexes"]["recommended"]
        checks.that(any("carts" in each["sql"] for each in indexes), f"the missing index on carts: {indexes}")
        check_metrics(checks, faulty)
        check_views(checks, faulty)
        # Without the log, the sessions alone show the leak.
        checks.find(faulty.report("monitor", "snapshot.json"), "leaked-connections", "importer")
        sessions_only = clean.report("monitor", "snapshot.json")
        checks.that("leaked-connections" not in {each["name"] for each in sessions_only["findings"]}, "and none without it")
        notes = faulty.report("monitor", "before.json", "after.json")["health"]["notes"]
        checks.that(any("reset" in note for note in notes), f"counters that were reset are noticed: {notes}")
        text = faulty.run("monitor", *paths)
        checks.that("Health " in text and "Objectives" in text and "Alerts" in text, "the dashboard")
        html = faulty.run("monitor", *paths, "--format", "html")
        checks.that('id="health-table"' in html, "the HTML page has the health")
        same = [faulty.run("monitor", *paths, "--format", "json", "--jobs", jobs) for jobs in ("1", "4")]
        checks.that(same[0] == same[1], "the same bytes for any number of threads")
    print(f"monitor test: {checks.count} checks, {len(checks.failed)} wrong")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
