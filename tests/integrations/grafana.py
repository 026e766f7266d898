"""Holds the dashboard and the alert rules against the metrics that pgsift writes: grafana.py PGSIFT SOURCE."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

pgsift, source = sys.argv[1], pathlib.Path(sys.argv[2])
folder = source / "integrations" / "grafana"
shop = source / "testdata" / "shop"
written = subprocess.run([pgsift, "monitor", str(shop / "postgresql.log"), str(shop / "snapshot.json"), "--format",
                          "prometheus"], capture_output=True, text=True, check=True).stdout
names = set(re.findall(r"^# TYPE (pgsift_\w+) ", written, re.M))
# Those that the shop's inputs have no sample of.
sources = "".join(path.read_text() for path in (source / "cli").glob("*.cc"))
known = names | {"pgsift_" + name for name in re.findall(r'"((?:[a-z]+_)+[a-z]+)"', sources)}
wrong = []
dashboard = json.loads((folder / "dashboard.json").read_text())
expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
if len(expressions) < 10:
    wrong.append("the dashboard has few panels")
used = set(re.findall(r"pgsift_\w+", " ".join(expressions) + (folder / "alerts.yml").read_text()))
wrong += [f"{name} is used and not written" for name in sorted(used - known)]
wrong += [f"{name} is used, and the shop has no sample of it" for name in
          sorted(used - names - {"pgsift_replication_slot_retained_bytes"})]
promtool = shutil.which("promtool")
if promtool is None:
    print("promtool is not installed: the exposition and the rules are not checked; ./dev install-deps installs it")
    wrong += ["CI needs promtool"] if os.environ.get("CI") == "true" else []
else:
    for arguments, text in ((["check", "metrics"], written), (["check", "rules", str(folder / "alerts.yml")], None)):
        done = subprocess.run([promtool, *arguments], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0 or (text and done.stderr.strip()):
            wrong.append(f"promtool {arguments}: {done.stdout}{done.stderr}")
for each in wrong:
    print(each)
sys.exit(1 if wrong else 0)
