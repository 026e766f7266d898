"""A database session whose statements are looked at, and the lock modes that it can hold."""

import collections
import dataclasses

MODES = ("AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock",
         "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
STRENGTH = {mode: strength for strength, mode in enumerate(MODES)}

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

    def short_name(self):
        return self.name.partition(".")[2]


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
        # psycopg2 drops all but the last fifty from a list.
        self.connection.notices = collections.deque()
        self.cursor = self.connection.cursor()
        self.pid = self.connection.info.backend_pid

        self.other = server.connect(database, client_min_messages="error")

    def close(self):
        self.connection.close()
        self.other.close()

    def forget(self):
        """What the session has cached of relations and plans is read anew by its next statement, as a new one would:
        whatever changes for all tables tells every session so."""
        self.other.cursor().execute("CREATE PUBLICATION harness_forget FOR ALL TABLES; DROP PUBLICATION harness_forget")

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


def error_text(error):
    return f"{error.pgcode} {error.diag.message_primary or str(error).strip()}"
