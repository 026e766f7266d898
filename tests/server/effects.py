"""What a statement did beside locking: rewrites, scans, index builds, told from catalogs, counters and messages."""

import collections
import dataclasses
import re

_REWRITING = re.compile(r'rewriting table "(.*)"')
_VERIFYING = re.compile(r'verifying table "(.*)"')
_BUILDING = re.compile(r'building index "(.*)" on table "(.*?)"')
_VALIDATING = re.compile(r'validating foreign key constraint "(.*)"')

# Whether these read a table whole is the planner's choice, or not known to the counters.
SCANS_AS_PLANNED = re.compile(
    r"(SET\s+CONSTRAINTS|SELECT|WITH|VALUES|TABLE|INSERT|UPDATE|DELETE|MERGE|COPY|EXPLAIN|EXECUTE|FETCH|MOVE|REFRESH|ANALY[SZ]E|VACUUM(?!\s*\(?FULL)"
    r"|CREATE\s+(UNLOGGED\s+|TEMP\w*\s+)?TABLE\s[^(]*\sAS\s|CREATE\s+MATERIALIZED)\b", re.I | re.S)
# These run queries of their own beside the DDL inside: only what the server says aloud is a scan.
RUNS_CODE = re.compile(r"(DO|CALL|SELECT|EXECUTE|EXPLAIN)\b", re.I)
REWRITES_WITHOUT_A_WORD = re.compile(r"\b(CLUSTER|VACUUM|REFRESH)\b", re.I)


@dataclasses.dataclass
class Observation:
    statement: object
    error: str = ""
    transaction_block: bool = True
    scans_compared: bool = True
    before: dict = dataclasses.field(default_factory=dict)  # oid -> Relation
    compared: set = dataclasses.field(default_factory=set)  # oids that were there before the transaction
    earlier: dict = dataclasses.field(default_factory=dict)  # what the transaction held before: oid -> mode
    locks: dict = dataclasses.field(default_factory=dict)  # what it holds now: oid -> mode
    rewrites: set = dataclasses.field(default_factory=set)  # names
    scans: set = dataclasses.field(default_factory=set)
    may_scan: set = dataclasses.field(default_factory=set)  # read whole, but perhaps only as a query was planned
    index_builds: set = dataclasses.field(default_factory=set)
    builds_on_new: set = dataclasses.field(default_factory=set)  # left out on both sides
    made: set = dataclasses.field(default_factory=set)  # names of relations that the statement made
    waits: bool = False

    def name_of(self, oid):
        return self.before[oid].name

    def as_json(self):
        s = self.statement
        return {
            "path": s.path, "line": s.line, "sql": s.sql, "error": self.error,
            "transaction_block": self.transaction_block, "waits_for_transactions": self.waits,
            "locks": dict(sorted((self.name_of(oid), mode) for oid, mode in self.locks.items()
                                 if self.earlier.get(oid) != mode)),
            "rewrites": sorted(self.rewrites), "scans": sorted(self.scans),
            "index_builds": sorted(self.index_builds),
        }


def _build_names(pairs, before, after, observation):
    """What `building index` messages named, as qualified names; those on new tables apart."""
    by_name = collections.defaultdict(set)
    for index in [*before.values(), *after.values()]:
        for table in (before.get(index.table), after.get(index.table)):
            if index.kind == "i" and table:
                by_name[index.short_name(), table.short_name()].add((index.name, table.oid))
    for index, table in pairs:
        index = re.sub(r"_ccnew\d*$", "", index)
        for name, oid in by_name.get((index, table), ()):
            target = observation.index_builds if oid in observation.compared else observation.builds_on_new
            target.add(name)


def _counted(_session, _notices, old, after):
    return {oid for oid, relation in old.items() if oid in after and after[oid].scans > relation.scans}


def _said_aloud(session, notices, old, _after):
    tables = set(_VERIFYING.findall(notices)) | {table for _, table in _BUILDING.findall(notices)}
    oids = {oid for oid, relation in old.items() if relation.short_name() in tables}
    validated = set(_VALIDATING.findall(notices))
    if validated:
        rows = session.query("SELECT conname, conrelid, confrelid FROM pg_catalog.pg_constraint WHERE contype = 'f'")
        oids |= {oid for name, *ends in rows if name in validated for oid in ends if oid in old}
    return oids


def note_effects(session, observation, notices, after):
    sql, before = observation.statement.sql, observation.before
    observation.made = {relation.name for oid, relation in after.items() if oid not in before}
    observation.made -= {relation.name for relation in before.values()}
    old = {oid: r for oid, r in before.items() if oid in observation.compared}
    said_rewriting = set(_REWRITING.findall(notices))
    for oid, relation in old.items():
        now = after.get(oid)
        if not relation.holds_rows() or now is None or now.filenode == relation.filenode:
            continue
        moved = relation.tablespace != now.tablespace
        if relation.short_name() in said_rewriting or now.short_name() in said_rewriting:
            observation.rewrites.add(relation.name)
        elif not moved and (relation.kind == "m" or REWRITES_WITHOUT_A_WORD.search(sql)):
            observation.rewrites.add(relation.name)

    emptied = re.match(r"TRUNCATE\b", sql, re.I) or re.search(r"\bWITH\s+NO\s+DATA\s*;$", sql, re.I)
    if not emptied:
        _build_names(_BUILDING.findall(notices), before, after, observation)

    said_something = any(p.search(notices) for p in (_REWRITING, _VERIFYING, _BUILDING, _VALIDATING))
    observation.scans_compared = not SCANS_AS_PLANNED.match(sql) or bool(RUNS_CODE.match(sql) and said_something)
    if not observation.scans_compared or emptied:
        return
    scanned = _counted if observation.transaction_block and not RUNS_CODE.match(sql) else _said_aloud
    observation.scans = observation.rewrites | {
        old[oid].name for oid in scanned(session, notices, old, after) if old[oid].holds_rows()}
    if observation.transaction_block and RUNS_CODE.match(sql):
        counted = _counted(session, notices, old, after)
        observation.may_scan = {old[oid].name for oid in counted if old[oid].holds_rows()}
