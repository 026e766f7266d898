"""Runs statements on a server and sees what each one did: locks, rewrites, scans, index builds.

A statement runs either inside a transaction, and its locks are read before the transaction ends, or, when
the server refuses that, by itself while a second session watches it. The watched session asks for
synchronous commit, which no standby ever grants: it stops at every commit with its locks still held until
the watcher has seen them and cancels the wait. So even a lock of an instant is seen.
"""

import collections
import dataclasses
import re
import threading
import time

import psycopg2

MODES = ("AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock",
         "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
STRENGTH = {mode: strength for strength, mode in enumerate(MODES)}
NOT_IN_TRANSACTION_BLOCK = "25001"

# Index scans are off so that a validation by a query is always seen as a scan of the table.
SESSION = {"client_min_messages": "debug1", "enable_indexscan": "off", "enable_bitmapscan": "off",
           "enable_indexonlyscan": "off"}

RELATIONS = """
SELECT c.oid, n.nspname || '.' || c.relname, c.relkind, c.relfilenode, c.reltablespace, i.indrelid,
       pg_catalog.pg_stat_get_xact_numscans(c.oid)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
 WHERE c.relpersistence <> 't' AND n.nspname !~ '^(pg_|information_schema$)'"""
LOCKS = "SELECT relation, mode FROM pg_catalog.pg_locks WHERE locktype = 'relation' AND pid = %s"

_REWRITING = re.compile(r'rewriting table "(.*)"')
_VERIFYING = re.compile(r'verifying table "(.*)"')
_BUILDING = re.compile(r'building index "(.*)" on table "(.*?)"')
_VALIDATING = re.compile(r'validating foreign key constraint "(.*)"')

# Whether these read a table whole is the planner's choice, or not known to the counters.
SCANS_AS_PLANNED = re.compile(
    r"(SELECT|WITH|VALUES|TABLE|INSERT|UPDATE|DELETE|MERGE|COPY|EXPLAIN|EXECUTE|REFRESH|ANALY[SZ]E|VACUUM(?!\s*\(?FULL)"
    r"|CREATE\s+(UNLOGGED\s+|TEMP\w*\s+)?TABLE\s[^(]*\sAS\s|CREATE\s+MATERIALIZED)\b", re.I | re.S)
# These run queries of their own beside the DDL inside: only what the server says aloud is a scan.
RUNS_CODE = re.compile(r"(DO|CALL|SELECT|EXECUTE|EXPLAIN)\b", re.I)
REWRITES_WITHOUT_A_WORD = re.compile(r"\b(CLUSTER|VACUUM|REFRESH)\b", re.I)


@dataclasses.dataclass
class Relation:
    oid: int
    name: str
    kind: str
    filenode: int
    tablespace: int
    table: int  # of an index
    scans: int

    def holds_rows(self):
        return self.kind in ("r", "m")


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
            "locks": {self.name_of(oid): mode for oid, mode in sorted(self.locks.items(), key=lambda x: self.name_of(x[0]))
                      if self.earlier.get(oid) != mode},
            "rewrites": sorted(self.rewrites), "scans": sorted(self.scans),
            "index_builds": sorted(self.index_builds),
        }


class _Notices(list):
    """psycopg2 drops all but the last fifty from a plain list."""

    def append(self, notice):
        super().append(notice)
        del self[:-100000]


def stronger(a, b):
    if a is None or b is None:
        return a or b
    return a if STRENGTH[a] >= STRENGTH[b] else b


def strongest(rows):
    modes = {}
    for oid, mode in rows:
        if mode in STRENGTH:
            modes[oid] = stronger(modes.get(oid), mode)
    return modes


class Session:
    """One database session whose statements are looked at."""

    def __init__(self, server, database):
        self.server = server
        self.database = database
        self.connection = server.connect(database, **SESSION)
        self.connection.notices = _Notices()
        self.cursor = self.connection.cursor()
        self.pid = self.connection.info.backend_pid

    def close(self):
        self.connection.close()

    def execute(self, sql):
        self.cursor.execute(sql)

    def query(self, sql, *arguments):
        self.cursor.execute(sql, arguments)
        return self.cursor.fetchall()

    def relations(self):
        return {row[0]: Relation(*row) for row in self.query(RELATIONS)}

    def locks(self):
        return strongest(self.query(LOCKS + " AND granted", self.pid))

    def take_notices(self):
        taken = list(self.connection.notices)
        self.connection.notices.clear()
        return "".join(taken)


def _build_names(pairs, before, after, observation):
    """What `building index` messages named, as qualified names; those on new tables apart."""
    by_name = collections.defaultdict(set)
    for relations in (before, after):
        for relation in relations.values():
            if relation.kind == "i" and relation.table:
                table = after.get(relation.table) or before.get(relation.table)
                if table:
                    names = {t.name.partition(".")[2] for t in (before.get(table.oid), after.get(table.oid)) if t}
                    for name in names:
                        by_name[relation.name.partition(".")[2], name].add((relation.name, table.oid))
    for index, table in pairs:
        index = re.sub(r"_ccnew\d*$", "", index)
        for name, oid in by_name.get((index, table), ()):
            target = observation.index_builds if oid in observation.compared else observation.builds_on_new
            target.add(name)


def _counted(_session, _notices, old, after):
    return {oid for oid, relation in old.items() if oid in after and after[oid].scans > relation.scans}


def _said_aloud(session, notices, old, _after):
    tables = set(_VERIFYING.findall(notices)) | {table for _, table in _BUILDING.findall(notices)}
    oids = {oid for oid, relation in old.items() if relation.name.partition(".")[2] in tables}
    validated = set(_VALIDATING.findall(notices))
    if validated:
        rows = session.query("SELECT conname, conrelid, confrelid FROM pg_catalog.pg_constraint WHERE contype = 'f'")
        oids |= {oid for name, *ends in rows if name in validated for oid in ends if oid in old}
    return oids


def _note_effects(session, observation, notices, after):
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
        if relation.name.partition(".")[2] in said_rewriting or now.name.partition(".")[2] in said_rewriting:
            observation.rewrites.add(relation.name)
        elif not moved and (relation.kind == "m" or REWRITES_WITHOUT_A_WORD.search(sql)):
            observation.rewrites.add(relation.name)

    emptied = re.match(r"TRUNCATE\b", sql, re.I) or re.search(r"\bWITH\s+NO\s+DATA\s*;$", sql, re.I)
    if not emptied:
        _build_names(_BUILDING.findall(notices), before, after, observation)

    observation.scans_compared = not SCANS_AS_PLANNED.match(sql) or bool(
        RUNS_CODE.match(sql) and (said_rewriting or "verifying table" in notices))
    if not observation.scans_compared or emptied:
        return
    scanned = _counted if observation.transaction_block and not RUNS_CODE.match(sql) else _said_aloud
    observation.scans = observation.rewrites | {
        old[oid].name for oid in scanned(session, notices, old, after) if old[oid].holds_rows()}


def _error_of(error):
    return f"{error.pgcode} {error.diag.message_primary or str(error).strip()}"


def in_transaction(session, statement, observation):
    """Runs the statement in the session's open transaction; False when the server refused it."""
    session.take_notices()
    try:
        session.execute(statement.sql)
    except psycopg2.Error as error:
        observation.error = _error_of(error)
        if error.pgcode == NOT_IN_TRANSACTION_BLOCK:
            observation.transaction_block, observation.error = False, ""
        return False
    notices = session.take_notices()
    held = session.locks()
    observation.locks = {oid: mode for oid, mode in held.items() if oid in observation.compared and oid in observation.before}
    _note_effects(session, observation, notices, session.relations())
    return True


class _Blockers:
    """Older transactions: one with a snapshot, and for each table a prepared one that holds a lock on it.

    They make a statement wait where it would wait for others, and so show locks that would be gone again
    before its first commit. Each is ended as soon as the statement was seen waiting for it.
    """

    def __init__(self, server, database, mode):
        self.snapshot = server.connect(database)
        self.snapshot.cursor().execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        self.connection = server.connect(database)
        self.cursor = self.connection.cursor()
        self.cursor.execute("SELECT oid, oid::regclass::text FROM pg_catalog.pg_class"
                            " WHERE relkind IN ('r', 'p') AND oid >= 16384")
        self.prepared = {}
        for oid, name in self.cursor.fetchall():
            self.prepared[oid] = f"{database} {oid}"
            self.cursor.execute(f"BEGIN; LOCK TABLE ONLY {name} IN {mode} MODE")
            self.cursor.execute(f"PREPARE TRANSACTION '{self.prepared[oid]}'")

    def end(self, oid):
        if oid in self.prepared:
            self.cursor.execute(f"ROLLBACK PREPARED '{self.prepared.pop(oid)}'")

    def end_all(self):
        for oid in list(self.prepared):
            self.end(oid)
        self.connection.close()
        self.snapshot.close()


class _Watcher:
    """Looks at the locks of one backend while it works and lets it go on."""

    def __init__(self, server, pid, blockers):
        self.connection = server.connect("postgres")
        self.cursor = self.connection.cursor()
        self.pid = pid
        self.blockers = blockers
        self.seen = {}
        self.released = set()  # the transactions whose commit was let go
        self.waits = False

    def _locks(self):
        """Notes the locks; the backend's virtual transactions and the relations that it waits for."""
        self.cursor.execute("SELECT relation, mode, virtualtransaction, granted FROM pg_catalog.pg_locks"
                            " WHERE pid = %s AND locktype IN ('relation', 'virtualxid')", (self.pid,))
        rows = self.cursor.fetchall()
        for oid, mode in strongest(row[:2] for row in rows if row[0]).items():
            self.seen[oid] = stronger(self.seen.get(oid), mode)
        return {row[2] for row in rows}, {row[0] for row in rows if row[0] and not row[3]}

    def look(self):
        """One look; lets a commit go on that was seen whole, each once: a late cancel would hit the statement."""
        transaction, waited_for = self._locks()
        for oid in waited_for:
            self.blockers.end(oid)
        self.cursor.execute("SELECT wait_event_type, wait_event FROM pg_catalog.pg_stat_activity WHERE pid = %s",
                            (self.pid,))
        waiting = self.cursor.fetchone() or ("", "")
        if waiting[1] == "SyncRep" and self._locks()[0] == transaction and not transaction <= self.released:
            self.released |= transaction
            self.cursor.execute("SELECT pg_catalog.pg_cancel_backend(%s)", (self.pid,))
        if waiting in (("Lock", "virtualxid"), ("Lock", "transactionid")) and not self.waits:
            self.waits = True
            self.blockers.end_all()

    def close(self):
        self.connection.close()
        if not self.waits:
            self.blockers.end_all()


def watched(session, statement, observation):
    """Runs the statement by itself, outside of a transaction block, while a second session looks on."""
    weak = re.match(r"VACUUM|ANALY|CREATE.*IF NOT EXISTS", statement.sql, re.I)
    mode = "SHARE UPDATE EXCLUSIVE" if weak else "ROW EXCLUSIVE"
    watcher = _Watcher(session.server, session.pid, _Blockers(session.server, session.database, mode))
    session.execute("SET synchronous_commit = on; SET vacuum_cost_delay = '20ms'; SET vacuum_cost_limit = 1")
    session.take_notices()

    def run():
        try:
            session.execute(statement.sql)
        except psycopg2.Error as error:
            observation.error = _error_of(error)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 60
    while thread.is_alive():
        watcher.look()
        if time.monotonic() > deadline:
            session.connection.cancel()
    thread.join()
    watcher.close()
    notices = session.take_notices()
    observation.waits = watcher.waits
    session.execute("SET synchronous_commit = local; RESET vacuum_cost_delay; RESET vacuum_cost_limit")
    if not observation.error:
        observation.locks = {oid: mode for oid, mode in watcher.seen.items() if oid in observation.before}
        _note_effects(session, observation, notices, session.relations())


def each_by_itself(server, database, statements):
    """Mode A: every statement in a transaction of its own; the database changes as they go."""
    session = Session(server, database)
    for statement in statements:
        session.execute("BEGIN")  # before the counters are read: between transactions they start anew
        before = session.relations()
        observation = Observation(statement, before=before, compared=set(before))
        done = in_transaction(session, statement, observation)
        session.execute("COMMIT" if done else "ROLLBACK")
        if not observation.transaction_block:
            watched(session, statement, observation)
        yield observation
    session.close()


def as_one_transaction(server, database, statements):
    """Mode B: all statements in one transaction, which is rolled back at the end."""
    session = Session(server, database)
    session.execute("BEGIN")
    compared = set(session.relations())
    held, at_savepoint = {}, {}
    for statement in statements:
        observation = Observation(statement, before=session.relations(), compared=compared, earlier=held)
        rolls_back = re.match(r"ROLLBACK\s+(?:WORK\s+|TRANSACTION\s+)?TO\s+(?:SAVEPOINT\s+)?(\w+)", statement.sql, re.I)
        opens = re.match(r"SAVEPOINT\s+(\w+)", statement.sql, re.I)
        savepoints = opens or rolls_back or re.match(r"RELEASE\b", statement.sql, re.I)
        if rolls_back:
            observation.earlier = at_savepoint[rolls_back.group(1).lower()]
        if not savepoints:
            session.execute("SAVEPOINT harness")
        done = in_transaction(session, statement, observation)
        if not savepoints:
            session.execute("RELEASE harness" if done else "ROLLBACK TO harness; RELEASE harness")
        if done:
            held = observation.locks
        if opens:
            at_savepoint[opens.group(1).lower()] = held
        yield observation
        if savepoints and not done:
            break
    session.close()
