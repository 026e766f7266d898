-- Indexes of ordinary tables: created, rebuilt, altered, dropped.
-- schema: shop
CREATE TABLE places (id int PRIMARY KEY, name text, spot point, body tsvector, area int4range, payload jsonb, a int, b int);
CREATE INDEX places_spot_idx ON places USING gist (spot);
CREATE INDEX places_payload_idx ON places USING gin (payload);
CREATE INDEX places_brin_idx ON places USING brin (a);
CREATE INDEX places_b_idx ON places (b);
INSERT INTO places (id, name, a, b) SELECT n, 'p' || n, n, n FROM generate_series(1, 20) n;
CREATE UNLOGGED TABLE caches (key text, value text);
-- statements
CREATE INDEX places_name_idx ON places (name);
CREATE INDEX IF NOT EXISTS places_name_idx ON places (name);
CREATE INDEX ON places (a, b DESC NULLS LAST);
CREATE INDEX ON places (lower(name), (a + b));
CREATE UNIQUE INDEX places_a_key ON places (a) INCLUDE (name) WHERE b IS NOT NULL;
CREATE INDEX places_body_idx ON places USING gin (body) WITH (fastupdate = off);
CREATE INDEX places_area_idx ON places USING spgist (area);
CREATE INDEX places_hash_idx ON places USING hash (name) TABLESPACE archive_space;
CREATE INDEX places_pattern_idx ON places (name text_pattern_ops);
CREATE INDEX "Places By Name" ON public.places (name COLLATE "C");
CREATE INDEX caches_key_idx ON caches (key);
CREATE UNIQUE INDEX customer_totals_name_idx ON customer_totals (name, id);
-- pg: 15-
CREATE UNIQUE INDEX places_nulls_key ON places (id, area) NULLS NOT DISTINCT;
REINDEX INDEX places_name_idx;
REINDEX TABLE places;
REINDEX (VERBOSE) INDEX places_brin_idx;
-- pg: 14-
REINDEX (TABLESPACE archive_space) INDEX places_name_idx;
REINDEX TABLE customer_totals;
REINDEX TABLE caches;
ALTER INDEX places_name_idx RENAME TO places_named_idx;
ALTER INDEX IF EXISTS places_name_idx RENAME TO places_nothing_idx;
ALTER INDEX places_named_idx SET (fillfactor = 70, deduplicate_items = off);
ALTER INDEX places_named_idx RESET (fillfactor);
ALTER INDEX places_payload_idx SET (fastupdate = off);
ALTER INDEX places_payload_idx SET (gin_pending_list_limit = 128);
ALTER INDEX places_payload_idx RESET (fastupdate);
ALTER INDEX places_brin_idx SET (pages_per_range = 16, autosummarize = on);
ALTER INDEX places_spot_idx SET (buffering = on);
ALTER INDEX places_spot_idx SET (fillfactor = 60);
ALTER INDEX places_lower_expr_idx ALTER COLUMN 2 SET STATISTICS 300;
ALTER INDEX places_b_idx SET TABLESPACE archive_space;
ALTER INDEX places_b_idx SET TABLESPACE archive_space;
ALTER INDEX places_b_idx NO DEPENDS ON EXTENSION plpgsql;
ALTER INDEX ALL IN TABLESPACE archive_space SET TABLESPACE pg_default;
COMMENT ON INDEX places_b_idx IS 'for b';
DROP INDEX places_named_idx;
DROP INDEX IF EXISTS places_named_idx;
DROP INDEX places_b_idx, "Places By Name" CASCADE;
DROP INDEX customer_totals_name_idx;
ALTER TABLE places DROP CONSTRAINT places_pkey;
DROP INDEX orders_customer_idx;
CREATE INDEX orders_customer_total_idx ON orders (customer_id, total);
CREATE INDEX order_lines_gross_idx ON order_lines (gross);
CREATE INDEX customers_city_idx ON customers (((home).city));
