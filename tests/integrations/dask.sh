#!/usr/bin/env bash
# Reads a log in shards on a Dask cluster, one of whose workers is killed meanwhile: dask.sh PGSIFT SOURCE. Without
# Debian's python3-distributed the test fails in CI and is skipped elsewhere (exit status 77).
set -uo pipefail
pgsift=$(realpath "$1")
source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Enough for the cluster to be at work for some seconds.
python3 "$source/bench/make_log.py" 3 >"$folder/postgresql.log"
# Debian's packages belong to Debian's python3, which need not be the first one on the path.
for python in python3 /usr/bin/python3; do
  "$python" -c 'import distributed' 2>/dev/null || continue
  "$python" "$source/integrations/dask/try_it.py" "$pgsift" "$folder/postgresql.log" 12
  exit $?
done
echo "dask test: no python3 with distributed; ./dev install-deps installs it" >&2
[ "${CI:-}" = true ] && exit 1
exit 77
