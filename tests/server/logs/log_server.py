"""A PostgreSQL server that logs everything in all three forms at once, and a mixed workload on it.

The server runs in a temporary folder, as a user that is not root, and leaves nothing behind.
"""
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import psycopg2

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import servers  # noqa: E402

SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "shared_buffers": "32MB", "max_connections": "40",
    "timezone": "'UTC'", "log_timezone": "'UTC'", "jit": "off", "autovacuum": "off",
    "shared_preload_libraries": "'pg_stat_statements'", "pg_stat_statements.track": "top",
    "compute_query_id": "on", "logging_collector": "on", "log_directory": "'logs'",
    "log_filename": "'server.log'", "log_rotation_age": "0", "log_rotation_size": "0",
    "log_line_prefix": "'%m [%p] %q%u@%d/%a '", "log_min_duration_statement": "0",
    "log_connections": "on", "log_disconnections": "on", "log_lock_waits": "on",
    "deadlock_timeout": "'100ms'", "log_temp_files": "0", "log_checkpoints": "on",
    "log_error_verbosity": "default", "work_mem": "'64kB'", "max_parallel_workers_per_gather": "0",
}


class LogServer(servers.Server):
    """A server that logs everything."""

    def __init__(self, version):
        super().__init__(version)
        destinations = "stderr,csvlog,jsonlog" if version >= 15 else "stderr,csvlog"
        self.settings = {**SETTINGS, "log_destination": f"'{destinations}'"}

    def _prepare(self):
        """The workload makes its own databases and roles."""

    def connect(self, database="postgres", user="postgres", application="test"):
        connection = psycopg2.connect(host=str(self.folder), user=user, dbname=database, application_name=application)
        connection.autocommit = True
        return connection

    def log(self, ending):
        return self.folder / "data" / "logs" / f"server.{ending}"

    def finish(self):
        """Ends the server so that its logs are complete; the folder stays until the context ends."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def fails(cursor, sql, *arguments):
    try:
        cursor.execute(sql, *arguments)
    except psycopg2.Error:
        return
    raise AssertionError(f"was to fail: {sql}")


def simple_statements(server):
    connection = server.connect("shop", "web", "shop-web")
    cursor = connection.cursor()
    for i in range(300):
        cursor.execute("SELECT id, name FROM products WHERE id = %s", (i % 50 + 1,))
        cursor.execute("select id from products where name in (%s)" % ", ".join(f"'p{j}'" for j in range(i % 7 + 1)))
        if i % 5 == 0:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE products SET price = price + %s WHERE id = %s", (i, i % 50 + 1))
            cursor.execute("INSERT INTO orders(product_id, note) VALUES "
                           + ", ".join("(1, 'it''s; $1 \\ ''')" for _ in range(i % 3 + 1)))
            cursor.execute("ROLLBACK" if i % 15 == 0 else "COMMIT")
    # An ORM's N+1: one list, then a query for each of its rows.
    cursor.execute('SELECT "orders"."id", "orders"."product_id" FROM "orders" ORDER BY "orders"."id" LIMIT 40')
    for _, product in cursor.fetchall():
        cursor.execute('SELECT "products".* FROM "products" WHERE "products"."id" = %s LIMIT 1', (product,))
    for i in range(20):
        fails(cursor, "SELECT * FROM missing_%s" % ("a" if i % 2 else "b"))
        fails(cursor, "INSERT INTO products(id, name) VALUES (1, 'x')")
        fails(cursor, "SELECT 1 / 0")
        fails(cursor, "SELECT 'x'::int")
    with open(server.folder / "rows", "w", encoding="utf-8") as rows:
        rows.writelines(f"{i % 50 + 1}\tcopied {i}\n" for i in range(1000))
    with open(server.folder / "rows", encoding="utf-8") as rows:
        cursor.copy_expert("COPY orders(product_id, note) FROM STDIN", rows)
    with open(os.devnull, "w", encoding="utf-8") as out:
        cursor.copy_expert("COPY orders TO STDOUT", out)
    for i in range(6):
        cursor.execute("SELECT g, md5(g::text) FROM generate_series(1, %s) g ORDER BY 2", (20000 + i,))
    cursor.execute("PREPARE by_id(int) AS SELECT name FROM products WHERE id = $1")
    for i in range(10):
        cursor.execute("EXECUTE by_id(%s)", (i,))
    cursor.execute("DEALLOCATE by_id")
    cursor.execute("SET statement_timeout = '30ms'")
    fails(cursor, "SELECT pg_sleep(5)")
    cursor.execute("RESET statement_timeout")
    connection.close()


def lock_waits(server):
    holder, waiter = server.connect("shop", "web", "holder"), server.connect("shop", "web", "waiter")
    one, two = holder.cursor(), waiter.cursor()
    one.execute("BEGIN")
    one.execute("UPDATE products SET name = name WHERE id = 1")
    waiting = threading.Thread(target=two.execute, args=("UPDATE products SET price = 1 WHERE id = 1",))
    waiting.start()
    time.sleep(0.4)
    one.execute("COMMIT")
    waiting.join()
    # A deadlock: each holds what the other wants.
    one.execute("BEGIN")
    two.execute("BEGIN")
    one.execute("UPDATE products SET price = 2 WHERE id = 2")
    two.execute("UPDATE products SET price = 3 WHERE id = 3")

    def cross(cursor, key):
        try:
            cursor.execute("UPDATE products SET price = 4 WHERE id = %s", (key,))
            cursor.execute("COMMIT")
        except psycopg2.Error:
            cursor.execute("ROLLBACK")

    threads = [threading.Thread(target=cross, args=pair) for pair in ((one, 3), (two, 2))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    two.execute("SET lock_timeout = '20ms'")
    one.execute("BEGIN")
    one.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
    fails(two, "SELECT count(*) FROM orders")
    one.execute("COMMIT")
    holder.close()
    waiter.close()


def extended_statements(server):
    """pgbench speaks the extended protocol: parse, bind and execute, with and without prepared statements."""
    pgbench = next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)))
    script = server.folder / "script.sql"
    script.write_text("\\set id random(1, 50)\nBEGIN;\nSELECT name FROM products WHERE id = :id;\n"
                      "UPDATE products SET price = price + 1 WHERE id = :id;\n"
                      "SELECT count(*) FROM orders WHERE product_id = :id AND note = 'none';\nEND;\n")
    script.chmod(0o644)
    for mode in ("extended", "prepared"):
        subprocess.run([str(pgbench), "-n", "-M", mode, "-c", "3", "-t", "60", "-h", str(server.folder), "-U", "bench",
                        "-f", str(script), "shop"], check=True, capture_output=True, env={**os.environ,
                                                                                          "PGAPPNAME": f"pgbench-{mode}"})


def run_workload(server):
    """Runs everything; returns the rows of pg_stat_statements: (database, user, query, calls)."""
    admin = server.connect().cursor()
    admin.execute("CREATE EXTENSION pg_stat_statements")
    admin.execute("CREATE DATABASE shop")
    for user in ("web", "bench"):
        admin.execute(f"CREATE ROLE {user} LOGIN SUPERUSER")
    schema = server.connect("shop").cursor()
    schema.execute("CREATE TABLE products(id int PRIMARY KEY, name text, price numeric DEFAULT 0)")
    schema.execute("CREATE TABLE orders(id serial PRIMARY KEY, product_id int, note text)")
    schema.execute("INSERT INTO products SELECT g, 'p' || g FROM generate_series(1, 50) g")
    simple_statements(server)
    lock_waits(server)
    extended_statements(server)
    try:
        server.connect("nowhere")
    except psycopg2.OperationalError:
        pass
    admin.execute("CHECKPOINT")
    # Read last: what follows is not in it.
    admin.execute("""SELECT d.datname, r.rolname, s.query, s.calls, s.queryid
                       FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
                       JOIN pg_roles r ON r.oid = s.userid""")
    rows = admin.fetchall()
    admin.connection.close()
    schema.connection.close()
    return rows
