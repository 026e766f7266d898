"""Watches a statement that runs by itself, outside of a transaction block, from a second session.

The watched session asks for synchronous commit, which no standby ever grants: it stops at every commit with
its locks still held until the watcher has seen them and cancels the wait. So even a lock of an instant is seen.
"""

import re
import threading
import time

import psycopg2

from effects import note_effects
from session import error_text, stronger, strongest


class _Blockers:
    """Older transactions: one with a snapshot, and prepared ones, each with a lock on one table or index.

    They make a statement wait where it would wait for others, and so show locks that would be gone again
    before its first commit. Each is ended as soon as the statement was seen waiting for it.
    """

    def __init__(self, server, database, mode):
        self.snapshot = server.connect(database)
        self.snapshot.cursor().execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        self.connection = server.connect(database, lock_timeout="20s")
        self.cursor = self.connection.cursor()
        self.cursor.execute("SELECT oid, oid::regclass::text, relkind FROM pg_catalog.pg_class"
                            " WHERE relkind IN ('r', 'p', 'i', 'I') AND oid >= 16384"
                            " AND relnamespace <> 'pg_toast'::regnamespace")
        self.prepared = {}
        for oid, name, kind in self.cursor.fetchall():
            self.prepared[oid] = f"{database} {oid}"
            lock = f"LOCK TABLE ONLY {name} IN {mode} MODE"
            if kind in "iI":  # LOCK takes no index; this locks it ACCESS EXCLUSIVE and is undone
                lock = f"ALTER INDEX {name} SET TABLESPACE pg_default"
            self.cursor.execute(f"BEGIN; {lock}")
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
    # The others would stop at the first lock already and not show that they wait for those who hold one.
    stopped = re.match(r"VACUUM|REINDEX|CREATE", statement.sql, re.I)
    mode = "SHARE UPDATE EXCLUSIVE" if stopped else "ROW EXCLUSIVE"
    watcher = _Watcher(session.server, session.pid, _Blockers(session.server, session.database, mode))
    session.execute("SET synchronous_commit = on; SET vacuum_cost_delay = '20ms'; SET vacuum_cost_limit = 1")
    session.take_notices()

    def run():
        try:
            session.execute(statement.sql)
        except psycopg2.Error as error:
            observation.error = error_text(error)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 120
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
        note_effects(session, observation, notices, session.relations())
