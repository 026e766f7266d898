"""Queries that make each kind of node, and queries with and without each fault that pgsift names in a plan."""

SCHEMA = """
CREATE TABLE customers (id int PRIMARY KEY, name text, city text, postcode int);
INSERT INTO customers SELECT i, 'name ' || i, 'city ' || (i % 20), i % 20 FROM generate_series(1, 20000) i;
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text, created_at timestamptz, total int, note text);
INSERT INTO orders SELECT i, i % 20000 + 1, CASE WHEN i % 100 = 0 THEN 'open' ELSE 'done' END,
  timestamptz '2026-01-01' + i * interval '1 minute', (i * 7919::bigint) % 100000, 'note ' || i
  FROM generate_series(1, 60000) i;
CREATE INDEX orders_customer_idx ON orders (customer_id);
CREATE INDEX orders_status_idx ON orders (status);
CREATE INDEX orders_total_idx ON orders (total);
CREATE TABLE items (id int PRIMARY KEY, order_id int, product_id int, quantity int, filler text);
INSERT INTO items SELECT i, i % 60000 + 1, i % 1000, i % 7, repeat('x', 60) FROM generate_series(1, 120000) i;
CREATE INDEX items_order_idx ON items (order_id);
CREATE TABLE busy AS SELECT * FROM items;
CREATE TABLE misjudged AS SELECT * FROM items;
ALTER TABLE misjudged ALTER COLUMN order_id SET (n_distinct = 10);
ALTER TABLE items SET (parallel_workers = 0);
ALTER TABLE misjudged SET (parallel_workers = 0);
CREATE TABLE parts (id int, day int, v text) PARTITION BY RANGE (day);
DO $$ BEGIN FOR i IN 0..11 LOOP
  EXECUTE format('CREATE TABLE parts_%s PARTITION OF parts FOR VALUES FROM (%s) TO (%s)', i, i * 10, i * 10 + 10);
END LOOP; END $$;
INSERT INTO parts SELECT i, i % 120, 'v' || i FROM generate_series(1, 12000) i;
CREATE TABLE parents (id int PRIMARY KEY, v int);
CREATE TABLE children (id int, parent_id int CONSTRAINT children_parent_fk REFERENCES parents);
INSERT INTO parents SELECT i, i FROM generate_series(1, 400) i;
INSERT INTO children SELECT i, 400 FROM generate_series(1, 40000) i;
CREATE TABLE tree (id int PRIMARY KEY, parent_id int);
INSERT INTO tree SELECT i, i / 2 FROM generate_series(1, 20000) i;
CREATE TABLE keyed (id int PRIMARY KEY, v int);
INSERT INTO keyed SELECT i, i FROM generate_series(1, 1000) i;
CREATE TABLE many_indexes (id int PRIMARY KEY, a int, b int, c int, d int);
INSERT INTO many_indexes SELECT i, i, i, i, i FROM generate_series(1, 3000) i;
CREATE INDEX ON many_indexes (a); CREATE INDEX ON many_indexes (b);
CREATE INDEX ON many_indexes (c); CREATE INDEX ON many_indexes (d);
CREATE TABLE fresh (id int PRIMARY KEY, v int);
INSERT INTO fresh SELECT i, i FROM generate_series(1, 30000) i;
CREATE TABLE unknown (a int);
VACUUM ANALYZE customers, orders, items, busy, misjudged, parts, parents, children, tree, keyed, many_indexes;
ANALYZE fresh;
INSERT INTO unknown SELECT 7 FROM generate_series(1, 60000) i;
CREATE TABLE wide_keys (a text, b int);
INSERT INTO wide_keys SELECT md5(i::text) || md5((i + 1)::text), i % 10000 FROM generate_series(1, 30000) i;
CREATE INDEX wide_keys_idx ON wide_keys (a, b);
VACUUM ANALYZE wide_keys;
CREATE TABLE bloated AS SELECT * FROM items;
DELETE FROM bloated WHERE id > 100;
CREATE TABLE documents (id int, j jsonb);
INSERT INTO documents SELECT i, '{"a": {"c": 1}, "b": 1}' FROM generate_series(1, 5000) i;
INSERT INTO documents SELECT i, '{"a": {"b": 1}}' FROM generate_series(5001, 5010) i;
CREATE INDEX documents_j_idx ON documents USING gin (j);
CREATE TABLE readings (id int, v int, note text);
INSERT INTO readings SELECT i, (i * 7919::bigint) % 100000, repeat('r', 50) FROM generate_series(1, 40000) i;
CREATE INDEX readings_brin_idx ON readings USING brin (v);
VACUUM ANALYZE documents, readings;
CREATE TABLE many_parts (id int, day int) PARTITION BY RANGE (day);
DO $$ BEGIN FOR i IN 0..119 LOOP
  EXECUTE format('CREATE TABLE many_parts_%s PARTITION OF many_parts FOR VALUES FROM (%s) TO (%s)', i, i, i + 1);
END LOOP; END $$;
CREATE TABLE few_parts (day int) PARTITION BY RANGE (day);
CREATE TABLE few_parts_1 PARTITION OF few_parts FOR VALUES FROM (1) TO (10);
CREATE TABLE few_parts_2 PARTITION OF few_parts FOR VALUES FROM (10) TO (20);
CREATE TABLE sink (a int);
CREATE FUNCTION slow_day() RETURNS int STABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.03); RETURN 15; END $$;
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
DO $$ BEGIN
  EXECUTE format('COPY (SELECT id, product_id FROM items LIMIT 5000) TO %L', current_setting('data_directory') || '/lines.csv');
  EXECUTE format('CREATE FOREIGN TABLE lines (id int, product_id int) SERVER files OPTIONS (filename %L)',
                 current_setting('data_directory') || '/lines.csv');
END $$;
CREATE FUNCTION five_numbers() RETURNS SETOF int LANGUAGE plpgsql AS
  $$ BEGIN RETURN QUERY SELECT i FROM generate_series(1, 30000) i; END $$;
CREATE TABLE hinted AS SELECT * FROM items;
CHECKPOINT;
"""

# The rules' limits that ask for more rows, bytes or time than a test should spend.
LIMITS = {
    "blocks-per-row": {"blocks_min": 200},
    "count-large": {"rows_min": 10000},
    "io-slow-device": {"ms_min": 0.0001},
    "parallel-blocked": {"ms_min": 1},
    # The work for each row lets both workers come in time.
    "parallel-skew": ("SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; "
                      "SET parallel_leader_participation = off; "
                      "SELECT * FROM busy WHERE md5(md5(md5(filler))) <> 'x' AND id <= 50",
                      OFF + "SELECT * FROM busy WHERE id <= 50"),
    "plan-without-measures": ("SELECT * FROM keyed", "SELECT * FROM keyed", {"options": ("VERBOSE", None)}),
    "planning-memory": (JOINS,
                        "SELECT 1", {"options": ("ANALYZE, MEMORY", "ANALYZE, MEMORY"), "since": 17}),
    "planning-slow": (JOINS + " WHERE k0.id = 1",
                      "SELECT count(*) FROM items"),
    "recheck-waste": ("SET enable_seqscan = off; SELECT * FROM documents WHERE j @> '{\"a\": {\"b\": 1}}'",
                      "SET enable_seqscan = off; SELECT * FROM documents WHERE j @> '{\"b\": 1}'"),
    "row-misestimate": ("UPDATE keyed SET v = 1; SELECT * FROM keyed WHERE v < 2", "SELECT * FROM keyed WHERE v < 900"),
    "select-dirties": ("SELECT count(*) FROM hinted", "SELECT count(*) FROM hinted WHERE id > 0"),
    "serialization-heavy": ("SELECT * FROM orders", "SELECT count(*) FROM orders",
                            {"options": ("ANALYZE, SERIALIZE TEXT", "ANALYZE, SERIALIZE TEXT"), "since": 17}),
    "sparse-pages": ("SELECT * FROM bloated", "SELECT * FROM items"),
    "stalled": ("SELECT * FROM keyed WHERE id = 1 AND pg_sleep(0.15) IS NOT NULL", "SELECT * FROM keyed WHERE id = 1"),
    "temp-io": ("SET work_mem = '64kB'; SELECT * FROM (SELECT * FROM items ORDER BY filler, id DESC OFFSET 0) a ORDER BY order_id, id",
                "SET work_mem = '64MB'; SELECT * FROM (SELECT * FROM items ORDER BY filler, id DESC OFFSET 0) a ORDER BY order_id, id"),
    "time-outside-nodes": ("SELECT * FROM few_parts WHERE day = slow_day()", "SELECT * FROM few_parts WHERE day = 15"),
    "timing-overhead": (OFF + "SELECT count(*) FROM items", OFF + "SELECT count(*) FROM items",
                        {"options": (None, "ANALYZE, BUFFERS, TIMING OFF")}),
    "wal-buffers-full": ("INSERT INTO sink SELECT i FROM generate_series(1, 200000) i", "UPDATE keyed SET v = 2 WHERE id = 1",
                         {"since": 18}),
    "wal-full-page-images": ("CHECKPOINT; UPDATE busy SET quantity = 1 WHERE id % 40 = 0", "UPDATE keyed SET v = 2 WHERE id = 1"),
    "wide-rows": ("SELECT * FROM items", "SELECT id FROM items"),
    "zero-estimate-join": (
        "SELECT count(*) FROM keyed a JOIN keyed b ON a.id + 0 = b.id + 0 AND a.v + 0 = b.v + 0 AND a.id - a.v = b.id - b.v",
        "SELECT count(*) FROM keyed a JOIN keyed b USING (id)"),
}

# Queries with a finding that a rule must not give: a bitmap of a BRIN index is of whole pages, whatever work_mem is.
SILENT = {
    "bitmap-lossy": "SET enable_seqscan = off; SELECT * FROM readings WHERE v < 20000",
}
