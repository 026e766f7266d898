#!/usr/bin/env bash
# Makes the reports and opens them in a browser: run.sh PGSIFT. Without a browser or its npm
# packages the test fails in CI and is skipped elsewhere (exit status 77).
set -euo pipefail
pgsift=$(realpath "$1")
cd "$(dirname "$0")"
lacks() {
  echo "browser test: $1; ./dev install-deps installs it" >&2
  [ "${CI:-}" = true ] && exit 1
  exit 77
}
command -v node >/dev/null || lacks "no node"
[ -d node_modules/playwright-core ] || lacks "no node_modules"
[ -x "${PGSIFT_CHROMIUM:-/usr/bin/chromium}" ] || lacks "no chromium"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
evil="</script><img src=x onerror=alert(1)>"
printf -- "-- %s\nCREATE INDEX \"%s\" ON t (a);\nSELECT '%s';\n" "$evil" "$evil" "$evil" > "$work/hostile.sql"
"$pgsift" analyze ../../testdata/shop -o "$work/shop.html"
"$pgsift" analyze "$work/hostile.sql" -o "$work/hostile.html"
cp plan.txt "$work/plan.txt"
"$pgsift" plans "$work/plan.txt" -o "$work/plan.html"
evil='<img src=x onerror=window.hacked=1>'
cat > "$work/evil.txt" <<PLAN
Function Scan on "$evil"  (cost=0.00..4.00 rows=10 width=8) (actual time=0.1..27.0 rows=11 loops=1)
  Output: '$evil'
  Function Call: evil('$evil')
  Filter: (a = '$evil')
Execution Time: 27.1 ms
PLAN
"$pgsift" plans "$work/evil.txt" -o "$work/evil.html"
PGSIFT_HTML=$work/shop.html PGSIFT_HOSTILE_HTML=$work/hostile.html PGSIFT_PLAN_HTML=$work/plan.html \
  PGSIFT_HOSTILE_PLAN_HTML=$work/evil.html node --test report.test.mjs
