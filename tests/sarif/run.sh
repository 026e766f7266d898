#!/usr/bin/env bash
# What `--format sarif` writes, against the schema of SARIF 2.1.0 (from npm: @microsoft/jest-sarif).
# Usage: run.sh PGSIFT. Where the schema is not installed the test fails in CI and is skipped elsewhere
# (exit status 77).
set -euo pipefail
program=$1
here=$(cd "$(dirname "$0")" && pwd)
schema=$here/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json
lacks() {
  echo "sarif test: $1; ./dev install-deps installs it" >&2
  [ "${CI:-}" = true ] && exit 1
  exit 77
}
[ -e "$schema" ] || lacks "no node_modules"
python3 -c 'import jsonschema' 2>/dev/null || lacks "no python3-jsonschema"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >"a b.sql" <<'SQL'
CREATE INDEX i ON t (a);
CREATE TABEL broken;
-- pgsift: ignore blocking-index-drop because it is small
DROP INDEX k;
SQL
"$program" lint --fail-on never --format sarif "a b.sql" >lint.sarif
"$program" analyze --format sarif "$here/../../testdata/shop" >analyze.sarif
for report in lint analyze; do
  python3 "$here/../reports/validate_json.py" "$schema" $report.sarif
done
python3 - <<'PYTHON'
import json
run = json.load(open("lint.sarif"))["runs"][0]
results = {result["ruleId"]: result for result in run["results"]}
assert set(results) == {"MIG000", "MIG001", "MIG008"}, results.keys()
place = results["MIG001"]["locations"][0]["physicalLocation"]
assert place["artifactLocation"]["uri"] == "a%20b.sql", place
assert results["MIG001"]["fixes"][0]["artifactChanges"][0]["replacements"], results["MIG001"]
assert results["MIG008"]["suppressions"][0]["kind"] == "inSource", results["MIG008"]
for result in run["results"]:
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["partialFingerprints"]["primaryLocationLineHash"]
PYTHON
echo "two reports are valid SARIF 2.1.0"
