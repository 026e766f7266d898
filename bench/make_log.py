#!/usr/bin/env python3
"""Writes a server log of a busy shop, as PostgreSQL writes it on standard error, as csvlog or as jsonlog.

Usage: bench/make_log.py MEGABYTES [SEED] [stderr|csv|json] > postgresql.log

The same arguments give the same bytes. Seven of ten records are durations with their statement
(simple and prepared, of 300 shapes, one in twelve over several lines), the rest connections, errors,
lock waits, temporary files, checkpoints and maintenance.
"""
import json
import random
import sys
import time

PREFIX = "%s UTC [%d]: [%d-1] user=%s,db=%s,app=%s,client=%s "
TABLES = ["orders", "order_items", "customers", "products", "sessions", "invoices", "payments",
          "carts", "reviews", "addresses", "shipments", "stock", "prices", "users", "audit_events"]
COLUMNS = ["id", "customer_id", "status", "created_at", "updated_at", "total", "sku", "email",
           "quantity", "country", "token", "note", "kind", "amount", "weight"]
USERS = [("shop", "shop", "web"), ("shop", "shop", "worker"), ("report", "shop", "metabase"),
         ("billing", "billing", "billing-api"), ("postgres", "postgres", "psql")]


def make_shapes(rng):
    """300 statements with %-placeholders: (template, kinds of its values)."""
    shapes = []
    for i in range(300):
        table, other = rng.sample(TABLES, 2)
        columns = rng.sample(COLUMNS, 5)
        kind = i % 6
        if kind == 0:
            text = "SELECT %s FROM %s WHERE %s = {n}" % (", ".join(columns[:4]), table, columns[4])
        elif kind == 1:
            text = ("SELECT t.%s, t.%s, o.%s FROM %s t JOIN %s o ON o.id = t.%s WHERE t.%s = {s} "
                    "AND o.%s > {n} ORDER BY t.%s DESC LIMIT {n}" %
                    (columns[0], columns[1], columns[2], table, other, columns[0], columns[3],
                     columns[4], columns[1]))
        elif kind == 2:
            text = "UPDATE %s SET %s = {s}, updated_at = {t} WHERE id = {n}" % (table, columns[1])
        elif kind == 3:
            text = "INSERT INTO %s (%s) VALUES ({n}, {s}, {t}, {n}, {s}) RETURNING id" % (
                table, ", ".join(columns))
        elif kind == 4:
            text = "select %s from %s where id in ({l}) and %s = {s}" % (
                ", ".join(columns[:3]), table, columns[3])
        else:
            text = ("SELECT %s,\n\t       count(*) AS n,\n\t       sum(%s)\n\t  FROM %s\n\t WHERE "
                    "created_at >= {t}\n\t   AND %s = {s}\n\t GROUP BY %s -- report %d\n\t "
                    "ORDER BY 2 DESC LIMIT {n}" %
                    (columns[0], columns[1], table, columns[2], columns[0], i))
        shapes.append(text)
    return shapes


def fill(rng, text):
    out = []
    for part in text.split("{"):
        if part[1:2] != "}":
            out.append(part)
            continue
        kind = part[0]
        if kind == "n":
            value = str(rng.randrange(1, 5000000))
        elif kind == "s":
            value = "'%s'" % "".join(rng.choices("abcdefghij klmnop-0123456789", k=rng.randrange(3, 40)))
        elif kind == "t":
            value = "'2026-%02d-%02d 10:%02d:00+00'" % (
                rng.randrange(1, 13), rng.randrange(1, 29), rng.randrange(60))
        else:
            value = ", ".join(str(rng.randrange(5000000)) for _ in range(rng.randrange(1, 30)))
        out.append(value + part[2:])
    return "".join(out)


def bind(rng, text):
    """The text with $n, and the DETAIL that gives their values."""
    out, values = [], []
    for part in text.split("{"):
        if part[1:2] != "}":
            out.append(part)
            continue
        values.append("$%d = '%s'" % (len(values) + 1, rng.randrange(1, 5000000)))
        out.append("$%d%s" % (len(values), part[2:]))
    return "".join(out), ", ".join(values)


def fields_of(texts):
    """("LOG:  …", "DETAIL:  …", …) by the names of jsonlog; continuation lines without their tabs."""
    severity, message = texts[0].split(":  ", 1)
    fields = {"error_severity": severity, "message": message.replace("\n\t", "\n")}
    for text in texts[1:]:
        name, value = text.split(":  ", 1)
        fields[name.lower()] = value.replace("\n\t", "\n")
    fields["state_code"] = "23505" if severity == "ERROR" else "00000"
    return fields


def csv_line(stamp, pid, number, user, database, application, client, fields):
    def quoted(text):
        return '"' + text.replace('"', '""') + '"' if text else ""
    columns = [f"{stamp}.000 UTC", quoted(user), quoted(database), str(pid), quoted(client and client + ":4711"),
               f"6955b900.{pid:x}", str(number), quoted("SELECT"), "2026-01-01 00:00:00 UTC", f"3/{number}", "0",
               fields["error_severity"], fields["state_code"], quoted(fields["message"]), quoted(fields.get("detail")),
               "", "", "", quoted(fields.get("context")), quoted(fields.get("statement")), "", "", quoted(application),
               quoted("client backend" if user else "checkpointer"), "", "0"]
    return ",".join(columns) + "\n"


def json_line(stamp, pid, number, user, database, application, client, fields):
    line = {"timestamp": f"{stamp}.000 UTC", "user": user, "dbname": database, "pid": pid, "remote_host": client,
            "remote_port": 4711, "session_id": f"6955b900.{pid:x}", "line_num": number, "ps": "SELECT",
            "session_start": "2026-01-01 00:00:00 UTC", "vxid": f"3/{number}", "txid": 0, **fields,
            "application_name": application, "backend_type": "client backend" if user else "checkpointer",
            "query_id": 0}
    return json.dumps({key: value for key, value in line.items() if value != ""}, ensure_ascii=False,
                      separators=(",", ":")) + "\n"


def main():
    megabytes = float(sys.argv[1])
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    form = sys.argv[3] if len(sys.argv) > 3 else "stderr"
    shapes = make_shapes(rng)
    weights = [1.0 / (i + 1) ** 0.8 for i in range(len(shapes))]
    chosen = rng.choices(range(len(shapes)), weights, k=4096)
    lines_of = {}
    sessions = []
    next_pid = 10000
    now = 1767225600.0
    written, limit = 0, int(megabytes * 1e6)
    write = sys.stdout.write

    def emit(session, *texts):
        nonlocal written
        pid = session[0]
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now))
        if form != "stderr":
            lines_of[pid] = lines_of.get(pid, 0) + 1
            line = (csv_line if form == "csv" else json_line)(stamp, pid, lines_of[pid], *session[1:], fields_of(texts))
            written += len(line)
            write(line)
            return
        for text in texts:
            lines_of[pid] = lines_of.get(pid, 0) + 1
            line = PREFIX % (stamp, pid, lines_of[pid], *session[1:]) + text + "\n"
            written += len(line)
            write(line)

    server = (900, "", "", "", "")
    while written < limit:
        now += rng.expovariate(400)
        roll = rng.random()
        if len(sessions) < 20 or roll < 0.04:
            next_pid += 1
            user, database, app = rng.choice(USERS)
            host = "10.0.%d.%d" % (rng.randrange(4), rng.randrange(1, 20))
            emit((next_pid, "[unknown]", "[unknown]", "[unknown]", host),
                 "LOG:  connection received: host=%s port=%d" % (host, rng.randrange(30000, 60000)))
            session = (next_pid, user, database, "[unknown]", host)
            emit(session, "LOG:  connection authorized: user=%s database=%s application_name=%s" % (
                user, database, app))
            sessions.append((next_pid, user, database, app, host))
            if len(sessions) > 60:
                session = sessions.pop(rng.randrange(len(sessions)))
                emit(session, "LOG:  disconnection: session time: 0:00:%06.3f user=%s database=%s host=%s port=4711" % (
                    rng.random() * 59, session[1], session[2], session[4]))
            continue
        session = sessions[rng.randrange(len(sessions))]
        text = shapes[chosen[rng.randrange(4096)]]
        ms = rng.lognormvariate(-1.0, 1.6)
        if roll < 0.60:
            emit(session, "LOG:  duration: %.3f ms  statement: %s" % (ms, fill(rng, text)))
        elif roll < 0.90:
            sql, values = bind(rng, text.replace("{l}", "{n}"))
            emit(session, "LOG:  duration: %.3f ms  execute <unnamed>: %s" % (ms, sql),
                 "DETAIL:  parameters: " + values)
        elif roll < 0.93:
            emit(session, "LOG:  duration: %.3f ms  bind S_%d: %s" % (
                ms / 10, rng.randrange(90), bind(rng, text)[0]))
        elif roll < 0.96:
            key = rng.randrange(5000000)
            emit(session, 'ERROR:  duplicate key value violates unique constraint "%s_pkey"' % rng.choice(TABLES),
                 "DETAIL:  Key (id)=(%d) already exists." % key, "STATEMENT:  " + fill(rng, text))
        elif roll < 0.975:
            emit(session, 'LOG:  temporary file: path "base/pgsql_tmp/pgsql_tmp%d.%d", size %d' % (
                session[0], rng.randrange(9), rng.randrange(100000000)), "STATEMENT:  " + fill(rng, text))
        elif roll < 0.985:
            emit(session, "LOG:  process %d still waiting for ShareLock on transaction %d after 1000.%03d ms" % (
                session[0], rng.randrange(1000000), rng.randrange(1000)),
                 "DETAIL:  Process holding the lock: %d. Wait queue: %d." % (rng.choice(sessions)[0], session[0]),
                 'CONTEXT:  while updating tuple (%d,%d) in relation "%s"' % (
                     rng.randrange(1000), rng.randrange(90), rng.choice(TABLES)), "STATEMENT:  " + fill(rng, text))
        elif roll < 0.995:
            emit(server, 'LOG:  automatic vacuum of table "shop.public.%s": index scans: 1\n\tpages: 0 removed, %d remain, '
                 '%d scanned (3.10%% of total)\n\ttuples: %d removed, %d remain, 0 are dead but not yet removable\n\t'
                 'system usage: CPU: user: 0.01 s, system: 0.00 s, elapsed: %.2f s' % (
                     rng.choice(TABLES), rng.randrange(10000), rng.randrange(900), rng.randrange(9999),
                     rng.randrange(999999), rng.random() * 9))
        else:
            emit(server, "LOG:  checkpoint starting: " + rng.choice(["time", "wal"]))
            emit(server, "LOG:  checkpoint complete: wrote %d buffers (1.2%%); 0 WAL file(s) added, 0 removed, 3 recycled; "
                 "write=%.3f s, sync=0.012 s, total=30.100 s; sync files=21, longest=0.004 s, average=0.001 s; "
                 "distance=%d kB, estimate=%d kB" % (rng.randrange(9000), rng.random() * 30, rng.randrange(99999), rng.randrange(99999)))


main()
