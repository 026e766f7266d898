#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml, run by pre-commit on commits to a git repository.
# Usage: pre_commit.sh PGSIFT SOURCE_DIR. Without pre-commit or git the test fails in CI and is skipped
# elsewhere (exit status 77).
set -euo pipefail
program=$1
source=$2
for needed in pre-commit git; do
  command -v $needed >/dev/null && continue
  echo "pre-commit test: no $needed; ./dev install-deps installs it" >&2
  [ "${CI:-}" = true ] && exit 1
  exit 77
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/hooks" "$folder/project"
ln -s "$program" "$folder/bin/pgsift"
export PATH="$folder/bin:$PATH" PRE_COMMIT_HOME="$folder/cache" HOME="$folder"
export GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_SYSTEM=/dev/null
git config --global user.name tester
git config --global user.email tester@example.com
git config --global init.defaultBranch main
git config --global protocol.file.allow always

fail() { echo "FAILED: $*" >&2; cat "$folder/out" >&2; exit 1; }

cp "$source/.pre-commit-hooks.yaml" "$folder/hooks/"
git -C "$folder/hooks" init --quiet
git -C "$folder/hooks" add .
git -C "$folder/hooks" commit --quiet -m hooks
rev=$(git -C "$folder/hooks" rev-parse HEAD)

cd "$folder/project"
git init --quiet
configure() { # configure HOOK ARGS
  cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $folder/hooks
    rev: $rev
    hooks:
      - id: $1
        args: [$2]
YAML
}
mkdir migrations
configure pgsift-lint ""
pre-commit install >"$folder/out" 2>&1 || fail "pre-commit install"

echo "CREATE TABLE orders (id bigint PRIMARY KEY, email text);" >migrations/001_orders.sql
git add .
git commit -m "a new table" >"$folder/out" 2>&1 || fail "a harmless migration was refused"

echo "CREATE INDEX orders_email ON orders (email);" >migrations/002_index.sql
git add .
if git commit -m "an index" >"$folder/out" 2>&1; then fail "a blocking index build was let through"; fi
grep -q "migrations/002_index.sql:1:1: .*MIG001" "$folder/out" || fail "the finding is not shown"

# With the history, the other file is read and not reported.
configure pgsift-lint-history migrations
echo "DROP INDEX orders_email;" >migrations/000_old.sql
git add . && git commit --no-verify --quiet -m "as it is"
echo "CREATE INDEX CONCURRENTLY orders_id ON orders (id);" >migrations/003_fine.sql
git add .
git commit -m "a harmless one" >"$folder/out" 2>&1 || fail "an unchanged file was reported"
echo "CREATE INDEX orders_both ON orders (id, email);" >migrations/004_bad.sql
git add .
if git commit -m "another index" >"$folder/out" 2>&1; then fail "the history hook let it through"; fi
grep -q "migrations/004_bad.sql" "$folder/out" || fail "the changed file is not shown"
grep -q "migrations/002_index.sql" "$folder/out" && fail "an unchanged file is shown"
echo "pre-commit ran both hooks"
