"""Asks pgsift for its predictions and lays them beside what a server did."""

import collections
import json
import pathlib
import subprocess
import tempfile

import session


class Totals:
    """What was found in the whole run."""

    def __init__(self):
        self.statements = collections.Counter()  # (version, mode)
        self.mismatches = collections.Counter()
        self.unknown = []
        self.defects = 0

    def defect(self, text):
        self.defects += 1
        print(f"corpus defect: {text}")

    def observed(self, version, mode, observation):
        self.statements[version, mode] += 1
        if observation.error:
            s = observation.statement
            self.defect(f"{s.path}:{s.line}: pg {version} mode {mode}: {observation.error}\n    {s.sql}")

    def agrees(self):
        return not self.mismatches and not self.defects

    def print_summary(self, seconds, out):
        for (version, mode), count in sorted(self.statements.items()):
            wrong = self.mismatches[version, mode]
            print(f"pg {version} mode {mode}: {count} statements, {wrong} mismatches", file=out)
        for line in sorted(set(self.unknown)):
            print(f"said to be unknown, as expected: {line}", file=out)
        print(f"{sum(self.statements.values())} statements, {sum(self.mismatches.values())} mismatches, "
              f"{self.defects} corpus defects, {seconds:.0f} s", file=out)


def predict(pgsift, version, mode, file, statements):
    """The predictions for the statements, in their order."""
    with tempfile.TemporaryDirectory(prefix="pgsift-predict-") as folder:
        schema = pathlib.Path(folder) / "schema.sql"
        migration = pathlib.Path(folder) / f"{file.name}.sql"
        schema.write_text("\n".join(s.sql for s in file.schema if version in s.versions) + "\n", encoding="utf-8")
        lines = [s.sql for s in statements]
        if not lines:
            return []
        if mode == "B":
            lines = ["BEGIN;", *lines, "ROLLBACK;"]
        migration.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [pgsift, "locks", str(migration), "--schema", str(schema), "--format", "json",
                   "--pg-version", str(version)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{file.name}: pgsift failed: {done.stderr.strip()}")
        predictions = json.loads(done.stdout)["statements"]
    if len(predictions) != len(lines):
        raise RuntimeError(f"{file.name}: pgsift saw {len(predictions)} statements instead of {len(lines)}")
    return predictions[1:-1] if mode == "B" else predictions


def _left_out(name):
    return name.partition(".")[0] in ("pg_catalog", "information_schema", "pg_toast") or name.startswith("pg_temp")


def _lock_lines(observation, prediction):
    """Where predicted and held locks differ: [(relation, predicted, observed)]."""
    oid_of = {relation.name: oid for oid, relation in observation.before.items()}
    expected, strange = {}, []
    for lock in prediction.get("locks", ()):
        name = lock["relation"]
        if _left_out(name):
            continue
        oid = oid_of.get(name)
        if oid is None:
            strange.append((name, lock["mode"]))
        elif oid in observation.compared:
            expected[oid] = session.stronger(expected.get(oid), lock["mode"])
    for oid, mode in observation.earlier.items():
        if oid not in observation.before:  # dropped since
            continue
        expected[oid] = session.stronger(expected.get(oid), mode)
    lines = [(observation.name_of(oid), expected.get(oid), observation.locks.get(oid))
             for oid in set(expected) | set(observation.locks)
             if expected.get(oid) != observation.locks.get(oid)]
    lines += [(name, mode, None) for name, mode in strange if name not in observation.made]
    return sorted(lines, key=lambda line: line[0])


def _predicted_is_more(_, predicted, observed):
    """Less happened than predicted: for statements whose effects depend on rows."""
    return observed is None or session.stronger(predicted, observed) == predicted != observed


def _set_lines(what, predicted, observed):
    return [(what, name if name in predicted else None, name if name in observed else None)
            for name in sorted(predicted ^ observed)]


def differences(observation, prediction):
    """[(what, predicted, observed)], empty when they agree."""
    before = {relation.name: relation for relation in observation.before.values()}

    def known(names):
        return {name for name in names if not _left_out(name) and (
            name not in before or before[name].oid in observation.compared) and name not in observation.made}

    lines = []
    if prediction.get("error"):
        lines.append(("error", prediction["error"], None))
    predicted_block = prediction.get("transaction_block", True)
    if predicted_block != observation.transaction_block:
        lines.append(("transaction_block", predicted_block, observation.transaction_block))
    lines += _lock_lines(observation, prediction)
    with_rows = {name for name, relation in before.items() if relation.holds_rows()}
    lines += _set_lines("rewrite", known(prediction.get("rewrites", ())), observation.rewrites)
    if observation.scans_compared:
        scans = {name for name in known(prediction.get("scans", ())) if name not in before or name in with_rows}
        lines += _set_lines("scan", scans - (observation.may_scan - observation.scans), observation.scans)
    builds = {name for name in prediction.get("index_builds", ()) if not _left_out(name)}
    lines += _set_lines("index build", builds - observation.builds_on_new, observation.index_builds)
    if not observation.transaction_block:
        waits = prediction.get("waits_for_transactions", False)
        if waits != observation.waits:
            lines.append(("waits_for_transactions", waits, observation.waits))
    return lines


def _report(statement, version, mode, lines, brief):
    sql = " ".join(statement.sql.split())
    if brief:
        details = "; ".join(f"{what}: {predicted or '-'} / {observed or '-'}" for what, predicted, observed in lines)
        print(f"{statement.path}:{statement.line} pg{version}{mode} {sql[:100]} => {details}")
        return
    print(f"{statement.path}:{statement.line}: pg {version} mode {mode}\n    {sql}")
    width = max(len(what) for what, _, _ in lines)
    print(f"    {'':{width}}  {'predicted':26} observed")
    for what, predicted, observed in lines:
        print(f"    {what:{width}}  {str(predicted if predicted is not None else '-'):26} "
              f"{observed if observed is not None else '-'}")


def compare_file(pgsift, version, mode, file, observations, totals, brief):
    """Compares one file in one mode; adds to the totals and prints what differs."""
    for observation in observations:
        totals.observed(version, mode, observation)
    usable = [o for o in observations if not o.error]
    if mode == "B":  # what is refused in a block does nothing there; whether it is refused is asked in mode A
        usable = [o for o in usable if o.transaction_block]
    try:
        predictions = predict(pgsift, version, mode, file, [o.statement for o in usable])
    except (RuntimeError, ValueError, KeyError) as error:
        totals.defect(f"pg {version} mode {mode}: {error}")
        return
    for observation, prediction in zip(usable, predictions):
        statement = observation.statement
        place = f"{statement.path}:{statement.line}: {' '.join(statement.sql.split())[:90]}"
        if prediction.get("unknown"):
            if statement.unknown:
                totals.unknown.append(place)
                continue
            lines = [("unknown", "; ".join(map(str, prediction["unknown"])), None)]
        else:
            lines = [("unknown", None, "must be said")] if statement.unknown else []
        found = differences(observation, prediction)
        if statement.rows:
            found = [line for line in found if not _predicted_is_more(*line)]
        lines += found
        if lines:
            totals.mismatches[version, mode] += 1
            _report(statement, version, mode, lines, brief)
