#!/usr/bin/env bash
# Compares pgsift with real servers: run.sh NAME PGSIFT [OPTIONS of its tests]. NAME is `locks` or a folder
# beside this file, of which every *_test.py is run. Without psycopg2 or a server the tests fail in CI and are
# skipped elsewhere (exit status 77).
set -uo pipefail
name=$1
pgsift=$(realpath "$2")
shift 2
cd "$(dirname "$0")"
tests=("$name"/*_test.py)
[ "$name" = locks ] && tests=(locks_test.py)

# Debian's psycopg2 belongs to Debian's python3, which need not be the first one on the path.
for python in python3 /usr/bin/python3; do
  "$python" -c 'import psycopg2' 2>/dev/null || continue
  status=0
  for test in "${tests[@]}"; do
    (cd "$(dirname "$test")" && exec "$python" "$(basename "$test")" "$pgsift" "$@")
    code=$?
    [ $code = 77 ] && [ "${CI:-}" != true ] && exit 77
    [ $code = 0 ] || status=1
  done
  exit $status
done
echo "$name test: no python3 with psycopg2; ./dev install-deps installs it" >&2
[ "${CI:-}" = true ] && exit 1
exit 77
