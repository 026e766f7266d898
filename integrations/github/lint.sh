#!/usr/bin/env bash
# The action's one step; action.yml hands its inputs over as PGSIFT_*.
set -uo pipefail

options=()
if [ -n "${PGSIFT_SINCE:-}" ]; then
  # A shallow clone has only the newest commit.
  git rev-parse --verify --quiet "$PGSIFT_SINCE^{commit}" >/dev/null ||
    git fetch --quiet --depth=1 origin "$PGSIFT_SINCE" || true
  options+=(--changed-since "$PGSIFT_SINCE")
fi
read -r -a more <<<"${PGSIFT_ARGS:-}"
read -r -a paths <<<"${PGSIFT_PATHS:-migrations}"
options+=("${more[@]}")

reports=(-o "${RUNNER_TEMP:-/tmp}/pgsift.md")
[ -z "${PGSIFT_SARIF:-}" ] || reports+=(-o "$PGSIFT_SARIF")

"${PGSIFT:-pgsift}" lint "${options[@]}" --format github "${paths[@]}"
status=$?
if [ "$status" -le 1 ]; then
  "${PGSIFT:-pgsift}" lint "${options[@]}" "${reports[@]}" --fail-on never "${paths[@]}"
  [ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "${RUNNER_TEMP:-/tmp}/pgsift.md" >>"$GITHUB_STEP_SUMMARY"
fi
[ -z "${GITHUB_OUTPUT:-}" ] || echo "status=$status" >>"$GITHUB_OUTPUT"
exit "$status"
