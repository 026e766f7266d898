#!/usr/bin/env python3
"""Checks the column of squawk in docs/comparison.md: runs squawk (npm: squawk-cli, as compare_lint.py
installs it) on each migration rule's two examples. What it reports on the bad example only counts as y, on
both as ~. Prints the rows that say otherwise; they are judged by hand, for an example shows one form of a
hazard and a row may stand for several."""
import json
import pathlib
import re
import subprocess
import tempfile

import compare_lint

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Reported on nearly every file, whatever it does; and taste.
GENERAL = {"require-lock-timeout", "require-statement-timeout", "require-table-schema", "prefer-robust-stmts",
           "prefer-big-int", "prefer-bigint-over-int", "prefer-text-field", "prefer-identity"}


def reported(binary, sql):
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(sql + "\n")
        file.flush()
        run = subprocess.run([binary, "--reporter", "json", file.name], capture_output=True, text=True)
    return {finding["rule_name"] for finding in json.loads(run.stdout)} - GENERAL


def main():
    binary = str(compare_lint.squawk())
    rules = json.loads(subprocess.run([ROOT / "build/pgsift", "rules", "--format", "json"], capture_output=True,
                                      text=True, check=True).stdout)
    rules = {rule["id"]: rule for rule in (rules if isinstance(rules, list) else rules["rules"])}
    for line in (ROOT / "docs/comparison.md").read_text().splitlines():
        row = re.match(r"\| (.*?) \| ((?:MIG\d+(?:, )?)+) \| (.) \|", line)
        for rule_id in row[2].split(", ") if row else []:
            bad, good = (reported(binary, rules[rule_id][key]) for key in ("bad", "good"))
            found = "y" if bad - good else "~" if bad else "–"
            if found != row[3]:
                print(f"{rule_id} {row[1]}: the table says {row[3]}, found {found} {sorted(bad)}")


if __name__ == "__main__":
    main()
