"""Runs statements on a server and sees what each one did.

A statement runs inside a transaction, and its locks are read before the transaction ends. One that the
server refuses there runs by itself, watched (watch.py).
"""

import re

import psycopg2

from effects import Observation, note_effects
from session import Session, error_text
from watch import watched

NOT_IN_TRANSACTION_BLOCK = "25001"


def in_transaction(session, statement, observation):
    """Runs the statement in the session's open transaction; False when the server refused it."""
    session.forget()
    session.take_notices()
    try:
        session.execute(statement.sql)
    except psycopg2.Error as error:
        observation.error = error_text(error)
        if error.pgcode == NOT_IN_TRANSACTION_BLOCK:
            observation.transaction_block, observation.error = False, ""
        return False
    notices = session.take_notices()
    held = session.locks()
    seen_before = observation.compared & set(observation.before)
    observation.locks = {oid: mode for oid, mode in held.items() if oid in seen_before}
    note_effects(session, observation, notices, session.relations())
    return True


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
