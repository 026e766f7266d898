"""A small shop on a real server: its ordinary work, and faults that can be planted into it.

Every fault is a function of its own that runs beside the ordinary work. The server logs every statement.
"""
import pathlib
import random
import sys
import threading
import time

import psycopg2

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import servers  # noqa: E402

SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "shared_buffers": "64MB", "max_connections": "80",
    "timezone": "'UTC'", "log_timezone": "'UTC'", "jit": "off", "autovacuum_naptime": "'1h'",
    "shared_preload_libraries": "'pg_stat_statements'", "pg_stat_statements.track": "top",
    "compute_query_id": "on", "logging_collector": "on", "log_directory": "'logs'",
    "log_filename": "'server.log'", "log_rotation_age": "0", "log_rotation_size": "0",
    "log_line_prefix": "'%m [%p] %q%u@%d/%a '", "log_min_duration_statement": "0",
    "log_connections": "on", "log_disconnections": "on", "log_lock_waits": "on",
    "deadlock_timeout": "'200ms'", "log_temp_files": "0", "log_checkpoints": "on",
    "max_parallel_workers_per_gather": "0", "max_prepared_transactions": "5",
    "idle_in_transaction_session_timeout": "'600s'", "checkpoint_timeout": "'1h'",
}

SCHEMA = """
CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL, placed date NOT NULL);
CREATE TABLE items (id integer PRIMARY KEY, order_id integer NOT NULL, price integer NOT NULL);
CREATE TABLE visits (id integer PRIMARY KEY, visitor integer NOT NULL, page text NOT NULL);
CREATE TABLE stock (id integer PRIMARY KEY, amount integer NOT NULL);
CREATE TABLE carts (id integer PRIMARY KEY, note text NOT NULL, total integer NOT NULL, code integer NOT NULL);
INSERT INTO customers SELECT i, 'customer ' || i, 'city ' || i % 50 FROM generate_series(1, 2000) i;
INSERT INTO orders SELECT i, i % 2000 + 1, date '2026-01-01' + i % 300 FROM generate_series(1, 20000) i;
INSERT INTO items SELECT i, i % 20000 + 1, i % 90 FROM generate_series(1, 60000) i;
INSERT INTO visits SELECT i, i % 5000, repeat('page ', 10) FROM generate_series(1, 120000) i;
INSERT INTO stock SELECT i, 100 FROM generate_series(1, 500) i;
INSERT INTO carts SELECT i, repeat('note ', 20), 0, i * 7 % 5000 FROM generate_series(1, 30000) i;
CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX items_order_id_idx ON items (order_id);
CREATE INDEX visits_visitor_idx ON visits (visitor);
"""


class ShopServer(servers.Server):
    """A server that logs everything, with the shop's database."""

    settings = SETTINGS
    database = "postgres"  # Until the shop's own is there.

    def _prepare(self):
        self.execute("CREATE DATABASE shop")
        self.database = "shop"
        self.execute(SCHEMA + "CREATE EXTENSION pg_stat_statements;")
        self.execute("SELECT pg_stat_reset(), pg_stat_statements_reset()")
        self.execute("VACUUM (ANALYZE)")

    def connect(self, application="test"):
        connection = psycopg2.connect(host=str(self.folder), user="postgres", dbname=self.database,
                                      application_name=application)
        connection.autocommit = True
        return connection

    def execute(self, sql, application="test"):
        connection = self.connect(application=application)
        cursor = connection.cursor()
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    @property
    def log(self):
        return self.folder / "data" / "logs" / "server.log"


class Shop:
    """The ordinary work on one server for some seconds, and the faults among it."""

    def __init__(self, server, seconds, seed=1):
        self.server = server
        self.seconds = seconds
        self.seed = seed
        self.end = 0
        self.errors = []
        self.kept = []  # Connections that stay open.

    def run(self, faults):
        self.end = time.monotonic() + self.seconds
        work = [lambda n=n: self.web(n) for n in range(4)] + [self.worker, self.lookups]
        work += [lambda fault=fault: fault(self) for fault in faults]
        threads = [threading.Thread(target=self.guarded, args=(each,)) for each in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.errors:
            raise RuntimeError(f"the workload failed: {self.errors[0]!r}") from self.errors[0]

    def guarded(self, work):
        try:
            work()
        except Exception as error:  # pylint: disable=broad-except
            self.errors.append(error)

    def left(self):
        return self.end - time.monotonic()

    def web(self, number):
        """A page: one customer's orders with their items, and a change of one cart."""
        random_number = random.Random(self.seed * 100 + number)
        connection = self.server.connect(application="web")
        cursor = connection.cursor()
        while self.left() > 0:
            customer = random_number.randint(1, 2000)
            cursor.execute("BEGIN")
            cursor.execute("SELECT id, placed FROM orders WHERE customer_id = %s", (customer,))
            orders = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT id, price FROM items WHERE order_id = ANY(%s)", (orders,))
            cursor.execute("UPDATE carts SET total = total + 1 WHERE id = %s", (customer,))
            cursor.execute("COMMIT")
            time.sleep(random_number.uniform(0.05, 0.15))
        connection.close()

    def worker(self):
        """A job every now and then."""
        connection = self.server.connect(application="worker")
        cursor = connection.cursor()
        while self.left() > 0:
            cursor.execute("SELECT city, count(*) FROM customers GROUP BY city ORDER BY 2 DESC")
            time.sleep(0.5)
        connection.close()

    def lookups(self):
        """The query that becomes slow when its index is dropped."""
        random_number = random.Random(self.seed)
        connection = self.server.connect(application="web")
        cursor = connection.cursor()
        while self.left() > 0:
            cursor.execute("SELECT page FROM visits WHERE visitor = %s", (random_number.randint(0, 4999),))
            time.sleep(0.04)
        connection.close()


# The faults.

def n_plus_one(shop):
    """A page that asks for each order's items by itself."""
    connection = shop.server.connect(application="catalog")
    cursor = connection.cursor()
    page = 0
    while shop.left() > 0:
        page += 1
        cursor.execute("SELECT id, customer_id FROM orders WHERE placed = %s ORDER BY id LIMIT 12",
                       (f"2026-02-{page % 27 + 1:02}",))
        for order, _ in cursor.fetchall():
            cursor.execute("SELECT id, price, order_id FROM items WHERE order_id = %s ORDER BY price", (order,))
        time.sleep(1.2)
    connection.close()


def leak(shop):
    """An importer that opens a connection for each file and never closes it."""
    while shop.left() > 3:
        connection = shop.server.connect(application="importer")
        connection.cursor().execute("SELECT max(id) FROM orders")
        shop.kept.append(connection)
        time.sleep((shop.seconds - 6) / 16)


def storm(shop):
    """Scripts that connect for each statement."""
    time.sleep(2)
    for _ in range(90):
        shop.server.execute("SELECT count(*) FROM stock", application="cgi")


def missing_index(shop):
    """A search by a column that has no index."""
    connection = shop.server.connect(application="search")
    cursor = connection.cursor()
    number = 0
    while shop.left() > 0:
        number += 1
        cursor.execute("SELECT id, total FROM carts WHERE code = %s", (number,))
        time.sleep(0.1)
    connection.close()


def bloat(shop):
    """Mass updates that autovacuum does not follow."""
    connection = shop.server.connect(application="batch")
    cursor = connection.cursor()
    cursor.execute("ALTER TABLE stock SET (autovacuum_enabled = false)")
    for _ in range(4):
        cursor.execute("UPDATE carts SET note = note || ''")
        time.sleep(0.5)
    connection.close()


def regression(shop):
    """An index is dropped in the middle."""
    time.sleep(shop.seconds / 2)
    shop.server.execute("DROP INDEX visits_visitor_idx", application="admin")


def deadlock(shop):
    """Two sessions that lock two rows in different orders."""
    time.sleep(1)
    barrier = threading.Barrier(2)

    def one(first, second):
        connection = shop.server.connect(application="booking")
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        cursor.execute("UPDATE stock SET amount = amount - 1 WHERE id = %s", (first,))
        barrier.wait()
        try:
            cursor.execute("UPDATE stock SET amount = amount - 1 WHERE id = %s", (second,))
            cursor.execute("COMMIT")
        except psycopg2.errors.DeadlockDetected:
            cursor.execute("ROLLBACK")
        connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def holder(shop):
    """A session that forgot to commit, and one that waits for it."""
    connection = shop.server.connect(application="forgetful")
    connection.cursor().execute("BEGIN")
    connection.cursor().execute("UPDATE stock SET amount = 0 WHERE id = 77")
    shop.kept.append(connection)
    waiting = shop.server.connect(application="waiting")
    shop.kept.append(waiting)

    def wait():
        try:
            waiting.cursor().execute("UPDATE stock SET amount = 1 WHERE id = 77")
        except psycopg2.Error:
            pass

    threading.Thread(target=wait, daemon=True).start()


def row_by_row(shop):
    """An import that inserts row by row."""
    connection = shop.server.connect(application="loader")
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE loaded (id integer, value text)")
    for number in range(400):
        cursor.execute("INSERT INTO loaded VALUES (%s, %s)", (number, "value"))
    connection.close()


FAULTS = (n_plus_one, leak, storm, missing_index, bloat, regression, deadlock, holder, row_by_row)
