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
CREATE TABLE shifted (id int PRIMARY KEY, state text) WITH (autovacuum_enabled = off);
INSERT INTO shifted SELECT i, 'new' FROM generate_series(1, 20000) i;
VACUUM ANALYZE shifted;
CHECKPOINT;
"""

# The rules' limits that ask for more rows, bytes or time than a test should spend.
LIMITS = {
    "blocks-per-row": {"blocks_min": 200},
    "count-large": {"rows_min": 10000},
    "io-slow-device": {"ms_min": 0.0001},
    "parallel-blocked": {"ms_min": 1},
    "parallel-skew": {"rows_min": 10},
    "planning-memory": {"bytes_min": 200000},
    "select-writes": {"blocks_min": 20},
    "planning-slow": {"ms_min": 0.1},
    "timing-overhead": {"calls_min": 10000, "share_min": 0.01},
    "wide-rows": {"width_min": 60},
}

# Of each kind of node. `SET` in front of a query holds for it alone. Without parallel workers their numbers
# repeat; what differs from run to run is masked.
NODES = {
    "seq_scan": "SELECT * FROM orders WHERE status = 'open' AND note <> 'it''s, a \"test\"'",
    "index_scan": "SELECT * FROM orders WHERE customer_id = 7 AND total > 10",
    "index_backward": "SELECT * FROM orders ORDER BY id DESC LIMIT 5",
    "index_only": "SELECT customer_id FROM orders WHERE customer_id < 50",
    "bitmap": "SET enable_indexscan = off; SELECT * FROM orders WHERE customer_id < 500",
    "bitmap_and": "SET enable_seqscan = off; SET enable_indexscan = off; "
                  "SELECT * FROM orders WHERE customer_id < 2000 AND total < 9000",
    "bitmap_or": "SET enable_seqscan = off; SELECT * FROM orders WHERE customer_id = 7 OR total = 5",
    "lossy": "SET work_mem = '64kB'; SET enable_seqscan = off; SET enable_indexscan = off; "
             "SELECT * FROM items WHERE order_id < 30000",
    "nested_loop": "SET enable_hashjoin = off; SET enable_mergejoin = off; "
                   "SELECT * FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 20",
    "hash_join": "SELECT * FROM items i JOIN orders o ON o.id = i.order_id WHERE o.total < 5000",
    "hash_left": "SELECT * FROM orders o LEFT JOIN items i ON o.id = i.order_id AND i.quantity = 3",
    "hash_batches": "SET work_mem = '64kB'; SET enable_mergejoin = off; "
                    "SELECT count(*) FROM items i JOIN orders o ON o.id = i.order_id",
    "merge_join": "SET enable_hashjoin = off; SET enable_nestloop = off; "
                  "SELECT * FROM items i JOIN orders o ON o.id = i.order_id WHERE o.id < 3000",
    "semi": "SELECT * FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total < 900)",
    "anti": "SELECT * FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    "full": "SELECT * FROM keyed k FULL JOIN parents p ON p.id = k.id",
    "sort": "SELECT * FROM customers ORDER BY city, name DESC",
    "sort_disk": "SET work_mem = '64kB'; SELECT * FROM orders ORDER BY note",
    "incremental_sort": "SELECT * FROM orders ORDER BY customer_id, total LIMIT 500",
    "aggregate": "SELECT count(*), max(total) FROM orders",
    "group": "SELECT status, count(*) FROM orders GROUP BY status",
    "group_sorted": "SET enable_hashagg = off; SELECT status, count(*) FROM orders GROUP BY status",
    "grouping_sets": "SELECT status, total % 3, count(*) FROM orders GROUP BY GROUPING SETS ((status), (total % 3), ())",
    "rollup": "SET enable_hashagg = off; SELECT status, total % 3, count(*) FROM orders GROUP BY ROLLUP (status, total % 3)",
    "hashagg_disk": "SET work_mem = '64kB'; SET enable_sort = off; SELECT note, count(*) FROM orders GROUP BY note",
    "unique": "SET enable_hashagg = off; SELECT DISTINCT status FROM orders",
    "window": "SELECT id, row_number() OVER (PARTITION BY city ORDER BY id), sum(id) OVER () FROM customers",
    "append": "SELECT * FROM parts WHERE id < 100",
    "merge_append": "SET enable_sort = off; SELECT * FROM (SELECT id FROM orders UNION ALL SELECT id FROM items) x ORDER BY id LIMIT 10",
    "pruned": "PREPARE p(int) AS SELECT * FROM parts WHERE day = $1; SET plan_cache_mode = force_generic_plan; EXECUTE p(15)",
    "setop": "SELECT id FROM keyed INTERSECT SELECT id FROM parents",
    "except_all": "SELECT id FROM keyed EXCEPT ALL SELECT id FROM parents",
    "cte": "WITH x AS MATERIALIZED (SELECT * FROM orders WHERE total < 500) SELECT * FROM x a JOIN x b ON a.id = b.id",
    "recursive": "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 50) SELECT * FROM t",
    "init_plan": "SELECT * FROM orders WHERE total > (SELECT avg(total) * 1.9 FROM orders)",
    "sub_plan": "SELECT c.id, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id < 200",
    "hashed_sub_plan": "SELECT * FROM keyed WHERE id NOT IN (SELECT id FROM parents)",
    "function": "SELECT * FROM generate_series(1, 10) g(n) WHERE n > 3",
    "rows_from": "SELECT * FROM ROWS FROM (generate_series(1, 10), generate_series(1, 20)) AS g(a, b)",
    "project_set": "SELECT generate_series(1, 3), id FROM keyed WHERE id < 10",
    "values": "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(n, t) WHERE n > 1",
    "subquery_scan": "SELECT * FROM (SELECT id, row_number() OVER (ORDER BY id) rn FROM keyed) s WHERE rn % 5 = 2",
    "xml_table": "SELECT * FROM json_to_recordset('[{\"a\":1}]') AS x(a int)",
    "sample": "SELECT * FROM orders TABLESAMPLE SYSTEM (1) REPEATABLE (1)",
    "tid": "SELECT * FROM orders WHERE ctid = '(0,1)'",
    "result": "SELECT 1 WHERE now() IS NULL",
    "limit_offset": "SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 2000",
    "lock_rows": "SELECT * FROM keyed WHERE id < 10 FOR UPDATE",
    "insert": "INSERT INTO keyed SELECT i, i FROM generate_series(100001, 100100) i",
    "on_conflict": "INSERT INTO keyed SELECT i, i FROM generate_series(990, 1090) i ON CONFLICT (id) DO UPDATE SET v = 1 WHERE keyed.v > 0",
    "update": "UPDATE keyed SET v = v + 1 WHERE id < 100",
    "delete": "DELETE FROM parents WHERE id < 3",
    "cte_insert": "WITH moved AS (DELETE FROM keyed WHERE id < 20 RETURNING *) SELECT count(*) FROM moved",
    "materialize": "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off; "
                   "SELECT count(*) FROM parents a JOIN keyed b ON a.v < b.v",
    "memoize": "SET enable_hashjoin = off; SET enable_mergejoin = off; "
               "SELECT count(*) FROM items i JOIN keyed k ON k.id = i.product_id",
    "array": "SELECT * FROM orders WHERE id = ANY ('{1,2,3}'::int[])",
    "quoted": 'SELECT "o" . * FROM orders AS "o" WHERE "o".id < 5',
    "never": "SELECT * FROM keyed k JOIN orders o ON o.id = k.id WHERE k.v < -5",
}

OFF = "SET max_parallel_workers_per_gather = 0; "
LOOP = "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off; "

JOINS = "SELECT count(*) FROM keyed k0" + "".join(f" JOIN keyed k{i} ON k{i}.id = k{i - 1}.v" for i in range(1, 10))

# Rule: (with the fault, without it[, {"options": EXPLAIN's for each, else the usual, "since": the first release}]).
FAULTS = {
    "selective-seq-scan": ("SELECT * FROM items WHERE product_id = 7", "SELECT * FROM items WHERE id = 7"),
    "seq-scan-in-loop": (LOOP + "SET enable_material = off; "
                         "SELECT count(*) FROM parents p JOIN children c ON c.id + 0 = p.v + 0 WHERE p.id < 50",
                         "SELECT count(*) FROM keyed k JOIN children c ON c.id = k.id WHERE k.id < 50"),
    "filtered-index-scan": ("SET enable_seqscan = off; SELECT * FROM orders WHERE customer_id < 5000 AND note = 'note 77'",
                            "SELECT * FROM orders WHERE customer_id < 50"),
    "order-index-trap": ("SET enable_sort = off; SET enable_seqscan = off; SET enable_bitmapscan = off; "
                         "SELECT * FROM orders WHERE note = 'note 59999' ORDER BY id LIMIT 1",
                         "SELECT * FROM orders ORDER BY id LIMIT 1"),
    "sort-extends-index": ("SET enable_seqscan = off; SET enable_incremental_sort = off; "
                           "SELECT * FROM orders WHERE customer_id < 3000 ORDER BY note LIMIT 5",
                           "SELECT * FROM orders WHERE customer_id < 30 ORDER BY note LIMIT 5"),
    "bitmap-lossy": ("SET work_mem = '64kB'; SET enable_seqscan = off; SET enable_indexscan = off; "
                     "SELECT * FROM items WHERE order_id < 40000",
                     "SET enable_seqscan = off; SET enable_indexscan = off; SELECT * FROM items WHERE order_id < 40000"),
    "combined-bitmap-indexes": (
        "SET enable_seqscan = off; SET enable_indexscan = off; "
        "SELECT * FROM orders WHERE customer_id BETWEEN 100 AND 900 AND total BETWEEN 1000 AND 3000",
        "SELECT * FROM orders WHERE customer_id = 7"),
    "heap-fetches": ("SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT id FROM fresh WHERE id < 20000",
                     "SELECT customer_id FROM orders WHERE customer_id < 2000"),
    "unused-pruning": ("SELECT * FROM parts WHERE day::text = '15'", "SELECT * FROM parts WHERE day = 15"),
    "long-value-list": ("SELECT * FROM items WHERE id IN (%s)" % ", ".join(map(str, range(1, 700))),
                        "SELECT * FROM items WHERE id IN (1, 2, 3)"),
    "nested-loop-without-index": (LOOP + "SELECT count(*) FROM parents p JOIN keyed k ON k.v + 0 = p.v + 0",
                                  "SELECT count(*) FROM parents p JOIN keyed k ON k.v + 0 = p.v + 0"),
    "nested-loop-underestimated": (
        LOOP + "SELECT count(*) FROM customers c JOIN orders o ON o.customer_id = c.id "
        "WHERE c.city = 'city 7' AND c.postcode = 7 OR c.name || c.city LIKE 'n%'",
        "SELECT count(*) FROM customers c JOIN orders o ON o.customer_id = c.id WHERE c.id < 2000"),
    "cartesian-product": ("SELECT count(*) FROM parents a, keyed b", "SELECT count(*) FROM parents a JOIN keyed b USING (id)"),
    "or-across-tables": ("SELECT count(*) FROM orders o JOIN items i ON i.order_id = o.id WHERE o.total = 5 OR i.product_id = 7",
                         "SELECT count(*) FROM orders o JOIN items i ON i.order_id = o.id WHERE o.total = 5"),
    "hash-batches": ("SET work_mem = '64kB'; SET hash_mem_multiplier = 1; SET enable_mergejoin = off; SET enable_nestloop = off; "
                     "SELECT count(i.filler) FROM orders o JOIN items i ON o.id = i.order_id",
                     "SET work_mem = '64MB'; SELECT count(i.filler) FROM orders o JOIN items i ON o.id = i.order_id"),
    "not-in-subplan": ("SELECT count(*) FROM orders WHERE id NOT IN (SELECT order_id FROM items)",
                       "SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id)"),
    "correlated-subplan": ("SELECT c.id, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id < 3000",
                           "SELECT customer_id, max(total) FROM orders WHERE customer_id < 3000 GROUP BY customer_id"),
    "cte-rescan": ("WITH x AS MATERIALIZED (SELECT * FROM parents) "
                   "SELECT (SELECT count(*) FROM x WHERE x.id = k.id) FROM keyed k",
                   "WITH x AS MATERIALIZED (SELECT * FROM parents) SELECT count(*) FROM keyed k JOIN x USING (id)"),
    "cte-filter-late": ("WITH x AS MATERIALIZED (SELECT * FROM orders) SELECT * FROM x WHERE total = 5",
                        "WITH x AS NOT MATERIALIZED (SELECT * FROM orders) SELECT * FROM x WHERE total = 5"),
    "fanout-then-distinct": ("SELECT DISTINCT o.status, o.customer_id % 10 FROM orders o JOIN items i ON i.order_id = o.id",
                             "SELECT DISTINCT id FROM keyed"),
    "outer-join-filter-late": (
        "SELECT count(*) FROM orders o LEFT JOIN items i ON i.order_id = o.id AND i.quantity = 9 WHERE coalesce(i.id, 0) > 5",
        "SELECT count(*) FROM orders o LEFT JOIN items i ON i.order_id = o.id AND i.quantity = 9"),
    "recursive-explosion": (
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 120000) SELECT count(*) FROM r",
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 100) SELECT count(*) FROM r"),
    "sort-on-disk": ("SET work_mem = '64kB'; SELECT * FROM orders ORDER BY note", "SET work_mem = '64MB'; SELECT * FROM orders ORDER BY note"),
    "hash-aggregate-spill": ("SET work_mem = '64kB'; SET enable_sort = off; SELECT note, count(*) FROM orders GROUP BY note",
                             "SET work_mem = '64MB'; SELECT note, count(*) FROM orders GROUP BY note"),
    "tuplestore-on-disk": ("SET work_mem = '64kB'; SELECT sum(total) OVER () FROM orders",
                           "SET work_mem = '64MB'; SELECT sum(total) OVER () FROM orders"),
    "sort-index-missing": ("SELECT * FROM items ORDER BY product_id LIMIT 5", "SELECT * FROM items ORDER BY id LIMIT 5"),
    "merge-join-sort": ("SET enable_hashjoin = off; SET enable_nestloop = off; SET enable_indexscan = off; "
                        "SET enable_bitmapscan = off; SET work_mem = '64MB'; "
                        "SELECT count(*) FROM orders o JOIN items i ON i.filler || i.order_id = o.note",
                        "SELECT count(*) FROM orders o JOIN keyed k USING (id)"),
    "large-offset": ("SELECT * FROM orders ORDER BY id LIMIT 10 OFFSET 30000", "SELECT * FROM orders ORDER BY id LIMIT 10"),
    "window-over-all": ("SELECT * FROM (SELECT id, rank() OVER (ORDER BY quantity, id) - 1 AS r FROM items) s WHERE r = 3",
                        "SELECT id, rank() OVER (ORDER BY id) FROM keyed"),
    "many-rows-locked": ("SELECT * FROM orders WHERE id < 3000 FOR UPDATE", "SELECT * FROM orders WHERE id < 30 FOR UPDATE"),
    "many-rows-modified": ("UPDATE items SET quantity = quantity + 1", "UPDATE items SET quantity = 1 WHERE id = 5"),
    "conflict-heavy": ("INSERT INTO keyed SELECT i, i FROM generate_series(1, 500) i ON CONFLICT DO NOTHING",
                       "INSERT INTO keyed SELECT i, i FROM generate_series(5000, 5500) i ON CONFLICT DO NOTHING"),
    "write-amplification": ("UPDATE many_indexes SET a = a + 1", "SELECT * FROM many_indexes"),
    "correlated-columns": ("SELECT * FROM customers WHERE city = 'city 7' AND postcode = 7 AND id > 0",
                           "SELECT * FROM customers WHERE city = 'city 7'"),
    "never-analyzed": ("SELECT * FROM unknown WHERE a = 7", "SELECT * FROM keyed WHERE v = 7"),
    "default-selectivity": ("SELECT * FROM misjudged WHERE quantity * 0 = 0",
                            "SELECT * FROM items WHERE quantity < 8"),
    "generic-plan": ("PREPARE p(int) AS SELECT * FROM children WHERE parent_id = $1; "
                     "SET plan_cache_mode = force_generic_plan; EXECUTE p(7)",
                     "SELECT * FROM children WHERE parent_id = 400"),
    "group-misestimate": ("SELECT city, id % 20, count(*) FROM customers GROUP BY city, id % 20",
                          "SELECT city, count(*) FROM customers GROUP BY city"),
    "function-row-default": ("SELECT * FROM five_numbers()", "SELECT * FROM generate_series(1, 10)"),
    "trigger-time": ("DELETE FROM parents WHERE id < 200", "UPDATE parents SET v = 1 WHERE id = 1"),
    "workers-missing": ("SET max_parallel_workers_per_gather = 2; SET max_parallel_workers = 0; SET parallel_setup_cost = 0; "
                        "SET min_parallel_table_scan_size = 0; SELECT count(*) FROM busy",
                        "SELECT count(*) FROM items"),
    "parallel-overhead": ("SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; "
                          "SET min_parallel_table_scan_size = 0; SELECT * FROM busy WHERE quantity >= 0",
                          "SELECT * FROM items"),
    "disabled-node": ("SET enable_seqscan = off; SELECT * FROM unknown", "SELECT * FROM unknown"),
    "changed-settings": ("SET work_mem = '5MB'; SELECT 1", "SELECT 1"),
    "memoize-useless": ("SET enable_hashjoin = off; SET enable_mergejoin = off; SET work_mem = '64kB'; "
                        "SELECT count(*) FROM misjudged i JOIN orders o ON o.id = i.order_id",
                        "SET enable_hashjoin = off; SET enable_mergejoin = off; "
                        "SELECT count(*) FROM items i JOIN keyed k ON k.id = i.product_id"),
    "better-index-unused": (
        "SET enable_indexscan = off; SET enable_bitmapscan = off; SELECT * FROM orders WHERE customer_id = 7",
        "SELECT * FROM orders WHERE customer_id = 7"),
    "bitmap-or-arms": ("SET enable_seqscan = off; SELECT * FROM orders WHERE customer_id < 300 OR total < 500",
                       "SET enable_seqscan = off; SELECT * FROM orders WHERE customer_id < 300"),
    "blocks-per-row": ("SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT a FROM wide_keys WHERE b = 7",
                       "SET enable_seqscan = off; SELECT a FROM wide_keys WHERE a < '1'"),
    "index-not-leading": ("SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT a FROM wide_keys WHERE b = 7",
                          "SET enable_seqscan = off; SELECT a FROM wide_keys WHERE a < '1' AND b = 7"),
    "cost-time-divergence": ("SELECT pg_sleep(0.5), s.n FROM (SELECT count(*) AS n FROM keyed) s",
                             "SELECT count(*) AS n FROM keyed"),
    "count-large": ("SELECT count(*) FROM items", "SELECT count(*) FROM items WHERE id < 50"),
    "foreign-filter-local": ("SELECT * FROM lines WHERE id = 7", "SELECT * FROM lines"),
    "hash-skew": ("SET work_mem = '64kB'; SET hash_mem_multiplier = 1; SET enable_mergejoin = off; SET enable_nestloop = off; "
                  "SELECT count(m.filler) FROM misjudged m JOIN orders o ON o.customer_id = m.id WHERE m.quantity * 0 = 0",
                  "SET work_mem = '64MB'; SELECT count(m.filler) FROM misjudged m JOIN orders o ON o.customer_id = m.id "
                  "WHERE m.quantity * 0 = 0"),
    "hash-wrong-side": ("SET enable_mergejoin = off; SET enable_nestloop = off; SELECT count(*) FROM misjudged m "
                        "JOIN orders o ON o.customer_id = m.id WHERE m.quantity * 0 = 0 AND o.customer_id % 20000 < 1",
                        "SET enable_mergejoin = off; SET enable_nestloop = off; SELECT count(*) FROM misjudged m "
                        "JOIN orders o ON o.customer_id = m.id WHERE m.quantity * 0 = 0"),
    "index-only-possible": ("SET enable_seqscan = off; SET enable_bitmapscan = off; "
                            "SELECT customer_id, total FROM orders WHERE customer_id < 5000",
                            "SET enable_seqscan = off; SELECT customer_id FROM orders WHERE customer_id < 5000"),
    "index-scan-big-part": ("SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT * FROM orders WHERE total < 30000",
                            "SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT * FROM orders WHERE id < 20000"),
    "io-bound": ("SET track_io_timing = off; SELECT count(filler) FROM busy", "SELECT 1"),
    "io-slow-device": ("SELECT count(filler) FROM busy", "SELECT 1"),
    "jit-overhead": ("SET jit = on; SET jit_above_cost = 0; SELECT sum(total) FROM orders WHERE total > 10 AND id > 5",
                     "SET jit = off; SELECT sum(total) FROM orders WHERE total > 10 AND id > 5"),
    "late-pruning": (OFF + "SELECT * FROM many_parts WHERE day::text = '5'", "SELECT * FROM many_parts WHERE day = 5"),
    "limit-plan-trap": ("SELECT * FROM items WHERE product_id % 1000 = 7777 LIMIT 1",
                        "SELECT * FROM items WHERE product_id = 7 LIMIT 1"),
    "many-joins": (JOINS,
                   "SELECT count(*) FROM keyed a JOIN keyed b USING (id)"),
    "parallel-blocked": ("SELECT * FROM items WHERE product_id = 7", OFF + "SELECT * FROM items WHERE product_id = 7"),
    # The work for each row lets both workers come in time.
    "parallel-skew": ("SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; "
                      "SET parallel_leader_participation = off; "
                      "SELECT * FROM busy WHERE id + 0 * length(md5(md5(md5(filler)))) <= 50",
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
    # A scan of a whole table keeps to a few buffers; an index scan needs many, and all are dirty.
    "select-writes": ("UPDATE busy SET quantity = quantity + 1; SET enable_seqscan = off; SET enable_bitmapscan = off; "
                      "SELECT count(filler) FROM items WHERE id > 0",
                      "CHECKPOINT; SELECT count(filler) FROM items WHERE id < 100"),
    "serialization-heavy": ("SELECT * FROM orders", "SELECT count(*) FROM orders",
                            {"options": ("ANALYZE, SERIALIZE TEXT", "ANALYZE, SERIALIZE TEXT"), "since": 17}),
    "sparse-pages": ("SELECT * FROM bloated", "SELECT * FROM items"),
    "stalled": ("SELECT * FROM keyed WHERE id = 1 AND pg_sleep(0.15) IS NOT NULL", "SELECT * FROM keyed WHERE id = 1"),
    "temp-io": ("SET work_mem = '64kB'; SELECT * FROM (SELECT * FROM items ORDER BY filler, id DESC OFFSET 0) a ORDER BY order_id, id",
                "SET work_mem = '64MB'; SELECT * FROM (SELECT * FROM items ORDER BY filler, id DESC OFFSET 0) a ORDER BY order_id, id"),
    "time-outside-nodes": ("SELECT * FROM few_parts WHERE day = slow_day()", "SELECT * FROM few_parts WHERE day = 15"),
    "timing-overhead": ("SELECT count(*) FROM generate_series(1, 50000)", "SELECT count(*) FROM generate_series(1, 50000)",
                        {"options": (None, "ANALYZE, BUFFERS, TIMING OFF")}),
    "wal-buffers-full": ("INSERT INTO sink SELECT i FROM generate_series(1, 200000) i", "UPDATE keyed SET v = 2 WHERE id = 1",
                         {"since": 18}),
    "wal-full-page-images": ("CHECKPOINT; UPDATE busy SET quantity = 1 WHERE id % 40 = 0", "UPDATE keyed SET v = 2 WHERE id = 1"),
    "wide-rows": ("SELECT * FROM items", "SELECT id FROM items"),
    "zero-estimate-join": (
        "SELECT count(*) FROM keyed a JOIN keyed b ON a.id + 0 = b.id + 0 AND a.v + 0 = b.v + 0 AND a.id - a.v = b.id - b.v AND a.v * 2 = b.v * 2",
        "SELECT count(*) FROM keyed a JOIN keyed b USING (id)"),
}

# Queries with a finding that a rule must not give: a bitmap of a BRIN index is of whole pages, whatever work_mem is.
SILENT = {
    "bitmap-lossy": "SET enable_seqscan = off; SELECT * FROM readings WHERE v < 20000",
}
