#!/usr/bin/env bash
# Makes the evidence in this folder with a real PostgreSQL server: runs the migrations in order on a
# database that holds data, dumps the schema, drives a mixed workload of half a minute and keeps
# what the server left behind.
#
#   testdata/shop/make.sh                 uses the newest server in /usr/lib/postgresql/*/bin
#   PGBIN=/opt/pg18/bin testdata/shop/make.sh
#
# Writes schema.sql, postgresql.log, snapshot.json and plans/*.json beside itself. The files are
# committed, so this is needed only when the migrations, the workload or the snapshot script change.
# Every row and every random choice is seeded; timestamps, durations, process ids and the order in
# which concurrent sessions write their log lines differ from run to run.
#
# The server lives in a temporary folder, listens on no network port, and is stopped on exit. Started
# by root, the server runs as user postgres, or nobody where there is no such user.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
snapshot_sql=$here/../../ingest/snapshot/snapshot.sql

bin=${PGBIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
if [[ ! -x $bin/postgres ]]; then
  echo "make.sh: no PostgreSQL server found; set PGBIN to the folder that holds postgres" >&2
  exit 1
fi

# The caller's connection settings must not lead anywhere else.
unset PGHOST PGHOSTADDR PGPORT PGDATABASE PGUSER PGPASSWORD PGSERVICE PGOPTIONS PGAPPNAME PGDATA

tmp=$(mktemp -d)
chmod 755 "$tmp"
data=$tmp/data
as_server=()
if [[ $(id -u) -eq 0 ]]; then
  owner=postgres
  id -u postgres >/dev/null 2>&1 || owner=nobody
  as_server=(setpriv "--reuid=$owner" "--regid=$(id -g "$owner")" --clear-groups)
  chown "$owner" "$tmp"
fi

server() { (cd "$tmp" && "${as_server[@]}" "$@"); }

stop_server() {
  if [[ -f $data/postmaster.pid ]]; then
    server "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null || true
  fi
}

finish() {
  stop_server
  rm -rf "$tmp"
}
trap finish EXIT

# Listening on a socket in its own folder only, the server cannot collide with another one.
export PGHOST=$tmp PGPORT=5432 PGDATABASE=shop PGUSER=postgres PGTZ=UTC PGCLIENTENCODING=UTF8
sql() { "$bin/psql" -X -q -v ON_ERROR_STOP=1 "$@"; }

# Replaces the temporary folder by the places where a packaged server keeps these things.
release=$("$bin/postgres" -V | grep -oE '[0-9]+' | head -n 1)
neutral() { sed -e "s#$data#/var/lib/postgresql/$release/main#g" -e "s#$tmp#/var/run/postgresql#g"; }

echo "PostgreSQL: $("$bin/postgres" -V)"

# ------------------------------------------------------------------------------------------------
# A server, the schema, the data.

server "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null

cat >>"$data/postgresql.conf" <<CONF
port = 5432
listen_addresses = ''
unix_socket_directories = '$tmp'
log_timezone = 'UTC'
timezone = 'UTC'
lc_messages = 'C'
shared_buffers = 32MB
work_mem = 1MB
track_io_timing = on
CONF

has_statements=no
if [[ -e $("$bin/pg_config" --pkglibdir 2>/dev/null)/pg_stat_statements.so ]]; then
  has_statements=yes
  echo "shared_preload_libraries = 'pg_stat_statements'" >>"$data/postgresql.conf"
fi

# Nothing of the load is worth keeping after a crash, and nothing of it is logged.
server "$bin/pg_ctl" -D "$data" -l "$tmp/load.log" -w \
  -o "-c fsync=off -c full_page_writes=off -c autovacuum=off" start >/dev/null

sql -d postgres <<'SQL'
CREATE ROLE shop_owner LOGIN;
CREATE ROLE shop_app LOGIN;
CREATE ROLE shop_report LOGIN;
CREATE ROLE shop_monitor LOGIN IN ROLE pg_monitor;
CREATE DATABASE shop OWNER shop_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT SELECT ON TABLES TO shop_report, shop_monitor;
SQL
if [[ $has_statements == yes ]]; then sql -c 'CREATE EXTENSION pg_stat_statements'; fi
sql <<'SQL'
ALTER SCHEMA public OWNER TO shop_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO shop_app;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT SELECT ON TABLES TO shop_report, shop_monitor;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT USAGE ON SEQUENCES TO shop_app;
ALTER ROLE shop_app SET search_path = public;
SQL

migrate() {
  local file
  for file in "$@"; do PGUSER=shop_owner sql -f "$file"; done
}

# The shop went live with the first eight migrations; the others found data in the tables.
migrate "$here"/migrations/000[1-8]_*.sql

echo "loading"
PGUSER=shop_owner sql <<'SQL'
INSERT INTO customers (email, full_name, phone, created_at)
SELECT CASE WHEN i % 3 = 0 THEN 'Customer' ELSE 'customer' END || i || '@example.'
         || (ARRAY['com', 'org', 'net'])[1 + i % 3],
       (ARRAY['Ada', 'Ben', 'Chloé', 'Dora', 'Emil', 'Fatma', 'Gus', 'Hana'])[1 + i * 7 % 8] || ' '
         || (ARRAY['Martin', 'Nowak', 'Okafor', 'Petit', 'Quinn', 'Rossi', 'Sato'])[1 + i * 11 % 7],
       '+33 1 ' || lpad((i * 7919 % 1000000)::text, 6, '0'),
       timestamptz '2023-01-01 00:00+00' + i * interval '20 minutes'
  FROM generate_series(1, 20000) i;

-- The postal code decides the city, the city the region, the region the country: four columns that
-- the planner takes for independent.
INSERT INTO addresses (customer_id, street, postal_code, city, region, country)
SELECT 1 + i % 20000, (1 + i % 97) || ' rue de la Paix', lpad((c * 1000)::text, 5, '0'),
       'City ' || c, 'Region ' || c / 5, (ARRAY['FR', 'BE', 'DE', 'IT'])[1 + c / 15]
  FROM (SELECT i, i * 31 % 50 AS c FROM generate_series(1, 25000) i) s;

INSERT INTO categories (parent_id, name, slug)
SELECT CASE WHEN i > 8 THEN 1 + i % 8 END, 'Category ' || i, 'category-' || i
  FROM generate_series(1, 40) i;

INSERT INTO products (sku, category_id, name, description, price_cents, attributes)
SELECT 'SKU-' || lpad(i::text, 6, '0'), 1 + i * 13 % 40, 'Product ' || i,
       repeat('A fine thing for the home. ', 1 + i % 5), 199 + i * 37 % 20000,
       jsonb_build_object('color', (ARRAY['red', 'green', 'blue', 'black', 'white'])[1 + i * 3 % 5],
                          'size', (ARRAY['S', 'M', 'L', 'XL'])[1 + i * 7 % 4], 'weight', i % 50)
  FROM generate_series(1, 2000) i;

INSERT INTO orders (customer_id, status, total_cents, note, placed_at)
SELECT 1 + (i::bigint * 7919) % 19500,
       (ARRAY['delivered', 'delivered', 'delivered', 'shipped', 'paid', 'cancelled']::order_status[])
         [1 + i * 5 % 6],
       500 + i::bigint * 97 % 50000, CASE WHEN i % 50 = 0 THEN 'Gift for order ' || i END,
       timestamptz '2024-01-01 00:00+00' + i * interval '75 seconds'
  FROM generate_series(1, 100000) i;

INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price_cents)
SELECT o, l, 1 + (o::bigint * 31 + l * 977) % 2000, 1 + (o + l) % 4, 199 + (o * 37 + l) % 20000
  FROM generate_series(1, 100000) o, generate_series(1, 3) l;

INSERT INTO payments (order_id, provider, amount_cents, status, paid_at)
SELECT i, (ARRAY['card', 'card', 'paypal', 'transfer'])[1 + i % 4], 500 + i::bigint * 97 % 50000,
       CASE WHEN i % 40 = 0 THEN 'failed' ELSE 'captured' END,
       timestamp '2024-01-01 00:05' + i * interval '75 seconds'
  FROM generate_series(1, 100000) i;

INSERT INTO shipments (order_id, carrier, tracking_no, shipped_at)
SELECT i, (ARRAY['DHL', 'UPS', 'Post'])[1 + i % 3], md5(i::text),
       timestamptz '2024-01-02 00:00+00' + i * interval '75 seconds'
  FROM generate_series(1, 80000) i;

INSERT INTO inventory (product_id, on_hand)
SELECT i, 1000 + i % 100 FROM generate_series(1, 2000) i;

INSERT INTO carts (id, customer_id, contents, updated_at)
SELECT md5('cart' || i)::uuid, 1 + i * 2 % 20000,
       jsonb_build_array(jsonb_build_object('product', 1 + i % 2000, 'quantity', 1)),
       timestamptz '2024-03-01 00:00+00' + i * interval '1 minute'
  FROM generate_series(1, 10000) i;

INSERT INTO reviews (product_id, customer_id, rating, body, created_at)
SELECT 1 + i * 17 % 2000, 1 + i::bigint * 7919 % 20000, 1 + i % 5,
       'I ' || (ARRAY['love', 'like', 'use', 'regret', 'returned'])[1 + i * 3 % 5] || ' this '
         || (ARRAY['lamp', 'chair', 'kettle', 'carpet', 'clock', 'mirror', 'shelf'])[1 + i * 5 % 7]
         || CASE WHEN i % 700 = 0 THEN ', but it arrived broken' ELSE ', it looks as on the picture' END
         || '. Review number ' || i || '.',
       timestamptz '2024-01-10 00:00+00' + i * interval '2 minutes'
  FROM generate_series(1, 60000) i;

INSERT INTO audit_log (happened_at, table_name, row_id, action, details)
SELECT timestamptz '2024-01-01 00:00+00' + i * interval '150 seconds', 'orders', i::text, 'status',
       '{"from": "new", "to": "paid"}'
  FROM generate_series(1, 50000) i;
SQL

migrate $(ls "$here"/migrations/*.sql | grep -v '/000[1-8]_')
PGUSER=postgres sql -c 'VACUUM (ANALYZE)'

"$bin/pg_dump" --schema-only --no-owner --no-privileges >"$here/schema.sql"

# ------------------------------------------------------------------------------------------------
# The workload, with everything logged, on a server that is small on purpose: few connections, little
# memory for sorts, checkpoints forced by little WAL.

stop_server
cat >>"$data/postgresql.conf" <<'CONF'
max_connections = 20
superuser_reserved_connections = 0
max_wal_size = 32MB
min_wal_size = 32MB
autovacuum_naptime = 4s
deadlock_timeout = 200ms
idle_in_transaction_session_timeout = 2s
log_line_prefix = '%m [%p] %q%u@%d/%a '
log_min_duration_statement = 0
log_connections = on
log_disconnections = on
log_lock_waits = on
log_temp_files = 0
log_checkpoints = on
log_autovacuum_min_duration = 0
CONF
log=$tmp/postgresql.log
server "$bin/pg_ctl" -D "$data" -l "$log" -w start >/dev/null
if [[ $has_statements == yes ]]; then PGAPPNAME=admin sql -c 'SELECT pg_stat_statements_reset()' >/dev/null; fi
echo "workload"

cat >"$tmp/browse.pgbench" <<'SQL'
\set customer random(1, 20000)
\set product random_zipfian(1, 2000, 1.2)
SELECT id, sku, name, price_cents, attributes FROM products WHERE id = :product;
SELECT rating, body, created_at FROM reviews WHERE product_id = :product ORDER BY created_at DESC LIMIT 10;
SELECT id, status, total_cents, placed_at FROM orders WHERE customer_id = :customer ORDER BY placed_at DESC LIMIT 20;
SELECT count(*) AS orders, sum(quantity) AS sold FROM order_items WHERE product_id = :product;
UPDATE carts SET contents = contents || jsonb_build_object('product', :product::int), updated_at = now() WHERE customer_id = :customer;
\sleep 180 ms
SQL

cat >"$tmp/checkout.pgbench" <<'SQL'
\set customer random(1, 20000)
\set product random(100, 2000)
\set cents random(500, 30000)
SELECT id, full_name FROM customers WHERE lower(email) = lower('customer' || :customer || '@example.com');
BEGIN;
INSERT INTO orders (customer_id, total_cents, channel) VALUES (:customer, :cents, 'web') RETURNING id \gset
INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price_cents) VALUES (:id, 1, :product, 1, :cents);
UPDATE inventory SET reserved = reserved + 1, updated_at = now() WHERE product_id = :product;
INSERT INTO payments (order_id, provider, amount_cents) VALUES (:id, 'card', :cents);
COMMIT;
UPDATE payments SET status = 'captured', paid_at = now() WHERE order_id = :id;
UPDATE orders SET status = 'paid' WHERE id = :id;
\sleep 160 ms
SQL

# One query for a batch of orders, then one for the lines of every order: N+1.
{
  echo '\set first random(1, 99000)'
  echo "SELECT id, customer_id, status FROM orders WHERE id >= :first ORDER BY id LIMIT 20;"
  for i in $(seq 0 19); do
    echo "\\set id :first + $i"
    echo "SELECT line_no, product_id, quantity FROM order_items WHERE order_id = :id ORDER BY line_no;"
  done
  echo '\sleep 500 ms'
} >"$tmp/export.pgbench"

bench() { "$bin/pgbench" -n "$@" >>"$tmp/pgbench.out" 2>&1; }

# A psql session of one application. Errors are part of the plan.
session() {
  local app=$1 user=$2
  shift 2
  PGAPPNAME=$app PGUSER=$user "$bin/psql" -X -q -o /dev/null "$@" >/dev/null 2>&1 || true
}

background=()
PGAPPNAME=web PGUSER=shop_app bench -f "$tmp/browse.pgbench" -M prepared -c 3 -t 75 --random-seed=7 &
background+=($!)
PGAPPNAME=web PGUSER=shop_app bench -f "$tmp/checkout.pgbench" -M extended -c 2 -t 60 --random-seed=11 &
background+=($!)
PGAPPNAME=worker PGUSER=shop_app bench -f "$tmp/export.pgbench" -M simple -c 1 -t 25 --random-seed=13 &
background+=($!)
PGAPPNAME=worker PGUSER=shop_app bench -f "$tmp/export.pgbench" -M extended -c 1 -t 8 --random-seed=17 &
background+=($!)

# What the shop's pages ask for and no index answers.
session web shop_app <<'SQL'
SELECT id, full_name FROM customers WHERE lower(email) = lower('Customer4242@example.com');
SELECT id, full_name FROM customers WHERE lower(email) = lower('Customer777@example.com');
SELECT o.id, o.placed_at, o.total_cents FROM orders o JOIN customers c ON c.id = o.customer_id WHERE lower(c.email) = lower('customer4241@example.org');
SELECT id, rating, body FROM reviews WHERE body LIKE '%broken%' ORDER BY created_at DESC LIMIT 20;
SELECT id, rating, body FROM reviews WHERE body LIKE '%kettle%' ORDER BY created_at LIMIT 20;
SELECT id, placed_at, total_cents FROM orders ORDER BY total_cents DESC, id LIMIT 50 OFFSET 20000;
SELECT id, placed_at, total_cents FROM orders ORDER BY total_cents DESC, id LIMIT 50 OFFSET 20050;
SELECT id, name FROM products WHERE attributes @> '{"color": "red", "size": "XL"}';
SELECT * FROM payments WHERE order_id = 4711;
SELECT count(*) FROM order_items WHERE product_id = 17;
SELECT sum(quantity) FROM order_items WHERE product_id = 1234;
SQL

# A customer tries something. The second statement is the moderator looking for more of the kind.
session web shop_app <<'SQL'
INSERT INTO reviews (product_id, customer_id, rating, body) VALUES (17, 4711, 1, 'Broken. </script><img src=x onerror=alert(1)> Never again.');
SELECT id, customer_id, body FROM reviews WHERE body LIKE '%</script><img src=x onerror=alert(1)>%';
SQL

session reports shop_report <<'SQL' &
SELECT date_trunc('month', o.placed_at) AS month,
       c.name,
       sum(i.quantity * i.unit_price_cents) AS cents
  FROM orders o
  JOIN order_items i ON i.order_id = o.id
  JOIN products p ON p.id = i.product_id
  JOIN categories c ON c.id = p.category_id
 GROUP BY 1, 2
 ORDER BY 1, 2;

SELECT *
  FROM order_items
 ORDER BY unit_price_cents DESC, quantity DESC;

-- Customers who never bought anything.
SELECT count(*)
  FROM customers c
 WHERE c.id > 19450
   AND c.id NOT IN (SELECT customer_id FROM orders);

SELECT * FROM best_sellers ORDER BY sold DESC LIMIT 25;
SELECT email, sum(items_cents) FROM order_summary GROUP BY email ORDER BY 2 DESC LIMIT 10;

SET statement_timeout = '400ms';
SELECT count(*) FROM order_items a JOIN order_items b ON a.product_id = b.product_id AND a.quantity < b.quantity;
SQL
background+=($!)

# One plan in the log itself.
session reports postgres <<'SQL' &
LOAD 'auto_explain';
SET auto_explain.log_min_duration = '5ms';
SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on;
SET auto_explain.log_format = json;
SELECT p.sku, count(*) FROM order_items i JOIN products p ON p.id = i.product_id WHERE p.category_id = 7 GROUP BY p.sku ORDER BY 2 DESC LIMIT 10;
SQL
background+=($!)

# What the application gets wrong: a renamed column, a typing error, duplicates, broken rules.
session web shop_app <<'SQL'
SELECT id, phone FROM customers WHERE id = 12;
SELECT * FORM orders WHERE id = 1;
INSERT INTO customers (email, full_name) VALUES ('customer1@example.org', 'Twice Registered');
INSERT INTO customers (email, full_name) VALUES ('customer2@example.net', 'Twice Registered');
INSERT INTO customers (email, full_name) VALUES ('customer4@example.org', 'Twice Registered');
INSERT INTO reviews (product_id, customer_id, rating, body) VALUES (999999, 1, 5, 'No such product');
INSERT INTO reviews (product_id, customer_id, rating, body) VALUES (9, 1, NULL, 'No stars');
UPDATE inventory SET on_hand = on_hand - 5000 WHERE product_id = 3;
PREPARE find_product (int) AS SELECT id, name, price_cents FROM products WHERE id = $1;
EXECUTE find_product (99);
EXECUTE find_product (100);
SQL

# paced APP USER LINE...: a client that thinks between its statements; a number is a pause in seconds.
paced() {
  local app=$1 user=$2 line
  shift 2
  for line in "$@"; do
    if [[ $line =~ ^[0-9.]+$ ]]; then sleep "$line"; else printf '%s\n' "$line"; fi
  done | session "$app" "$user"
}

# Two workers reserve the same two products in opposite order: a deadlock.
paced worker shop_app "BEGIN;" \
  "UPDATE inventory SET reserved = reserved + 1 WHERE product_id = 17;" 0.8 \
  "UPDATE inventory SET reserved = reserved + 1 WHERE product_id = 42;" "COMMIT;" &
background+=($!)
paced worker shop_app "BEGIN;" \
  "UPDATE inventory SET reserved = reserved + 1 WHERE product_id = 42;" 0.8 \
  "UPDATE inventory SET reserved = reserved + 1 WHERE product_id = 17;" "COMMIT;" &
background+=($!)
sleep 2.5

# A transaction that takes its time, one that waits for its row, and a migration that waits for the
# table, makes everybody else wait behind it, and gives up.
paced worker shop_app "BEGIN;" \
  "UPDATE carts SET updated_at = now() WHERE customer_id = 1001;" \
  "UPDATE inventory SET on_hand = on_hand - 1 WHERE product_id = 55;" 1.6 "COMMIT;" &
background+=($!)
sleep 0.3
session web shop_app -c 'UPDATE inventory SET on_hand = on_hand - 2 WHERE product_id = 55' &
background+=($!)
session cron shop_owner <<'SQL'
SET lock_timeout = '700ms';
ALTER TABLE carts ADD COLUMN IF NOT EXISTS currency char(3) NOT NULL DEFAULT 'EUR';
SQL
sleep 2

# Two transactions change what both have read.
paced worker shop_app "BEGIN ISOLATION LEVEL REPEATABLE READ;" \
  "SELECT on_hand FROM inventory WHERE product_id = 60;" 0.7 \
  "UPDATE inventory SET on_hand = on_hand - 1 WHERE product_id = 60;" "COMMIT;" &
background+=($!)
sleep 0.3
session web shop_app -c 'UPDATE inventory SET on_hand = on_hand - 1 WHERE product_id = 60'

# A session that opens a transaction and goes for coffee, and a job that still wants the old database.
paced worker shop_app "BEGIN;" "UPDATE orders SET status = 'packed' WHERE id = 77;" 4 "COMMIT;" &
background+=($!)
PGDATABASE=shop_old session cron shop_owner -c 'VACUUM'
sleep 3

# The nightly jobs write enough to force checkpoints and to wake autovacuum; carts, where autovacuum
# is off, keeps its dead rows.
session cron shop_owner <<'SQL'
UPDATE inventory SET on_hand = on_hand + 10, updated_at = now();
UPDATE carts SET updated_at = now();
UPDATE carts SET contents = contents - 0;
UPDATE payments SET status = 'settled' WHERE status = 'captured';
DELETE FROM shipments WHERE id <= 20000;
UPDATE reviews SET body = body || ' (checked)' WHERE id <= 40000;
UPDATE payments SET status = 'captured' WHERE status = 'settled';
SQL

for id in "${background[@]}"; do wait "$id" || true; done

# More people than seats: the front page of the sale.
crowd=()
for i in $(seq 1 40); do
  session web shop_app -c "SELECT p.id, p.name, sum(i.quantity) AS sold FROM products p JOIN order_items i ON i.product_id = p.id JOIN orders o ON o.id = i.order_id WHERE o.placed_at >= '2024-02-01' GROUP BY p.id ORDER BY sold DESC LIMIT 20" &
  crowd+=($!)
done
for id in "${crowd[@]}"; do wait "$id" || true; done

# Autovacuum gets the time to see what happened.
sleep 9
session web shop_app -c 'SELECT count(*) FROM order_items WHERE product_id = 42'
session admin postgres -c 'CHECKPOINT'
sleep 1
neutral <"$log" >"$here/postgresql.log"

# ------------------------------------------------------------------------------------------------
# The snapshot, while one session sits in an open transaction, a second waits for it, and a third is
# busy. The statistics go back to the load, so that they tell of the migrations as well.

echo "snapshot"
paced worker shop_app "SET idle_in_transaction_session_timeout = 0;" "BEGIN;" \
  "UPDATE inventory SET reserved = reserved + 1 WHERE product_id = 17;" 4 &
holder=$!
sleep 0.7
session web shop_app -c "UPDATE inventory SET on_hand = on_hand - 1 WHERE product_id = 17" &
waiter=$!
session reports shop_report <<'SQL' &
SET statement_timeout = '4s';
SELECT a.product_id, b.product_id AS bought_with, count(*) FROM order_items a JOIN order_items b ON b.product_id > a.product_id AND b.quantity = a.quantity GROUP BY 1, 2;
SQL
busy=$!
sleep 1
PGUSER=shop_monitor PGAPPNAME=psql "$bin/psql" -X -q -f "$snapshot_sql" | neutral >"$here/snapshot.json"
wait "$holder" "$waiter" "$busy" || true

# ------------------------------------------------------------------------------------------------
# Plans. Vacuumed first, so that they show the query and not the leftovers of the workload.

echo "plans"
sql -c 'VACUUM (ANALYZE)'
mkdir -p "$here/plans"
rm -f "$here"/plans/*.json

# plan NAME SETTINGS QUERY: changes are rolled back.
plan() {
  "$bin/psql" -XqAt -v ON_ERROR_STOP=1 -c "SET jit = off; $2" -c "BEGIN" \
    -c "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) $3" -c "ROLLBACK" >"$here/plans/$1.json"
}
serial="SET max_parallel_workers_per_gather = 0;"

plan order_items_by_product "$serial" \
  "SELECT order_id, quantity FROM order_items WHERE product_id = 17"
plan customers_by_lower_email "$serial" \
  "SELECT id, full_name FROM customers WHERE lower(email) = lower('Customer4242@example.com')"
plan parallel_count "" \
  "SELECT count(*) FROM order_items WHERE product_id = 17"
plan sort_on_disk "$serial" \
  "SELECT * FROM order_items ORDER BY unit_price_cents DESC, quantity DESC"
plan correlated_columns "$serial" \
  "SELECT o.id, o.total_cents FROM addresses a JOIN orders o ON o.customer_id = a.customer_id
    WHERE a.city = 'City 7' AND a.region = 'Region 1' AND a.country = 'FR' AND a.postal_code = '07000'"
plan nested_loop_payments "$serial" \
  "SELECT o.id, p.status, p.paid_at FROM orders o
     LEFT JOIN LATERAL (SELECT * FROM payments p WHERE p.order_id = o.id ORDER BY p.id DESC LIMIT 1) p ON true
    WHERE o.customer_id BETWEEN 40 AND 43"
plan monthly_revenue "" \
  "SELECT date_trunc('month', o.placed_at) AS month, p.category_id, sum(i.quantity * i.unit_price_cents)
     FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id
    GROUP BY 1, 2 ORDER BY 1, 2"
plan hash_in_batches "$serial SET work_mem = '256kB';" \
  "SELECT c.full_name, o.total_cents FROM orders o JOIN customers c ON c.id = o.customer_id"
plan orders_offset_paging "$serial" \
  "SELECT id, placed_at, total_cents FROM orders ORDER BY placed_at LIMIT 50 OFFSET 20000"
plan order_by_id "$serial" \
  "SELECT id, status, total_cents FROM orders WHERE id = 4711"
plan reviews_like "$serial" \
  "SELECT id, rating FROM reviews WHERE body LIKE '%broken%' ORDER BY created_at LIMIT 20"
plan products_by_attributes "$serial" \
  "SELECT id, name FROM products WHERE attributes @> '{\"color\": \"red\", \"size\": \"XL\"}'"
plan lossy_bitmap "$serial SET work_mem = '64kB'; SET enable_seqscan = off; SET enable_indexscan = off;" \
  "SELECT count(*) FROM orders WHERE customer_id BETWEEN 1000 AND 6000 AND total_cents > 49000"
plan not_in_subplan "$serial SET work_mem = '64kB';" \
  "SELECT count(*) FROM customers c WHERE c.id > 19490 AND c.id NOT IN (SELECT customer_id FROM orders)"
plan update_with_trigger "$serial" \
  "UPDATE orders SET status = 'delivered' WHERE customer_id BETWEEN 10 AND 60 AND status <> 'delivered'"

echo "done: $(wc -c <"$here/postgresql.log") bytes of log, $(wc -c <"$here/snapshot.json") of snapshot," \
  "$(ls "$here"/plans/*.json | wc -l) plans"
