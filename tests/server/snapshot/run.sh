#!/usr/bin/env bash
# Takes `pgsift snapshot` on real servers of all releases, as several roles: run.sh PGSIFT. Without psycopg2
# or a server the test fails in CI and is skipped elsewhere (exit status 77).
set -euo pipefail
pgsift=$(realpath "$1")
shift
cd "$(dirname "$0")"
# Debian's psycopg2 belongs to Debian's python3, which need not be the first one on the path.
for python in python3 /usr/bin/python3; do
  if "$python" -c 'import psycopg2' 2>/dev/null; then exec "$python" snapshot_test.py "$pgsift" "$@"; fi
done
echo "snapshot test: no python3 with psycopg2; ./dev install-deps installs it" >&2
[ "${CI:-}" = true ] && exit 1
exit 77
