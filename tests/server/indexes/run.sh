#!/usr/bin/env bash
# Asks a real planner what the advice of `pgsift indexes` is worth: run.sh PGSIFT. Without psycopg2 or the
# server the tests fail in CI and are skipped elsewhere (exit status 77).
set -uo pipefail
pgsift=$(realpath "$1")
cd "$(dirname "$0")"
# Debian's psycopg2 belongs to Debian's python3, which need not be the first one on the path.
for python in python3 /usr/bin/python3; do
  "$python" -c 'import psycopg2' 2>/dev/null || continue
  status=0
  for test in "indexes_test.py $pgsift" "redundant_test.py $pgsift" "existing_test.py $pgsift"; do
    # shellcheck disable=SC2086
    "$python" $test
    code=$?
    if [ $code = 77 ]; then
      [ "${CI:-}" = true ] && exit 1
      exit 77
    fi
    [ $code = 0 ] || status=1
  done
  exit $status
done
echo "indexes test: no python3 with psycopg2; ./dev install-deps installs it" >&2
[ "${CI:-}" = true ] && exit 1
exit 77
