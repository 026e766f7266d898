-- What runs outside of a transaction block, watched from a second session.
-- schema: shop
CREATE TABLE days (id int NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE days_1 PARTITION OF days FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE days_2 PARTITION OF days FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
CREATE TABLE days_3 PARTITION OF days FOR VALUES FROM ('2024-03-01') TO ('2024-04-01') PARTITION BY HASH (id);
CREATE TABLE days_3_0 PARTITION OF days_3 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX days_id_idx ON days (id);
INSERT INTO days SELECT n, '2024-01-01'::date + n FROM generate_series(1, 80) n;
CREATE TABLE roots (id int) ;
CREATE TABLE twigs (size int) INHERITS (roots);
CREATE INDEX twigs_size_idx ON twigs (size);
INSERT INTO twigs SELECT n, n FROM generate_series(1, 9) n;
ALTER TABLE twigs CLUSTER ON twigs_size_idx;
CREATE TABLE notes (id serial PRIMARY KEY, body text);
CREATE INDEX notes_body_idx ON notes (body);
INSERT INTO notes (body) SELECT 'n' || n FROM generate_series(1, 9) n;
-- statements
CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_note_idx ON orders (note);
CREATE UNIQUE INDEX CONCURRENTLY orders_id_total_idx ON orders (id, total) WHERE total > 0;
CREATE INDEX CONCURRENTLY ON products (lower(title));
CREATE INDEX CONCURRENTLY customer_totals_name_idx ON customer_totals (name);
CREATE INDEX CONCURRENTLY twigs_id_idx ON twigs (id);
CREATE INDEX CONCURRENTLY products_attr_idx ON products USING gin (tags) WITH (fastupdate = off);
REINDEX INDEX CONCURRENTLY orders_customer_idx;
REINDEX TABLE CONCURRENTLY orders;
-- pg: 14-
REINDEX (CONCURRENTLY) INDEX customers_mail_key;
REINDEX TABLE CONCURRENTLY customer_totals;
-- pg: 14-
REINDEX INDEX days_id_idx;
REINDEX TABLE days_3;
-- pg: 14-
REINDEX INDEX CONCURRENTLY days_id_idx;
REINDEX SCHEMA audit;
REINDEX SCHEMA CONCURRENTLY audit;
DROP INDEX CONCURRENTLY orders_placed_idx;
DROP INDEX CONCURRENTLY IF EXISTS orders_placed_idx;
DROP INDEX CONCURRENTLY customers_name_idx;
-- mode: A
DROP INDEX CONCURRENTLY orders_note_idx;
-- pg: 14-
ALTER TABLE days DETACH PARTITION days_1 CONCURRENTLY;
-- pg: 14-
ALTER TABLE days DETACH PARTITION days_3 CONCURRENTLY;
-- mode: A
-- pg: 14-
ALTER TABLE days_1 ADD COLUMN after text;
VACUUM orders;
VACUUM (ANALYZE) customers;
VACUUM (FREEZE, INDEX_CLEANUP ON) products;
VACUUM FULL notes;
VACUUM (FULL, ANALYZE) order_lines;
VACUUM days;
VACUUM orders, order_lines;
VACUUM customer_totals;
VACUUM (ANALYZE) roots;
-- pg: 15-
CLUSTER days USING days_id_idx;
ALTER TYPE order_status ADD VALUE 'returned' AFTER 'shipped';
