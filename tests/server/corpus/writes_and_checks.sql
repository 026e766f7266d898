-- What writing rows sets off: deferred and multi-column keys, upserts, MERGE, COPY FROM, moved rows, functions in defaults, checks and WHEN, triggers by operation.
CREATE TABLE regions (code text PRIMARY KEY, name text UNIQUE);
CREATE TABLE shops (id int PRIMARY KEY, region text REFERENCES regions ON UPDATE CASCADE ON DELETE SET NULL, manager int, UNIQUE (id, region));
CREATE TABLE workers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shop_id int REFERENCES shops DEFERRABLE INITIALLY DEFERRED, name text, boss int REFERENCES workers);
ALTER TABLE shops ADD CONSTRAINT shops_manager FOREIGN KEY (manager) REFERENCES workers DEFERRABLE;
CREATE TABLE stock (shop_id int, region text, sku text, n int DEFAULT 0, PRIMARY KEY (shop_id, sku), FOREIGN KEY (shop_id, region) REFERENCES shops (id, region) MATCH FULL);
CREATE TABLE stock_log (id serial, sku text, op text);
CREATE TABLE stock_archive (sku text, gone timestamptz DEFAULT now());
CREATE TABLE prices (sku text, day date, price numeric, currency text DEFAULT 'EUR' REFERENCES regions) PARTITION BY RANGE (day);
CREATE TABLE prices_23 PARTITION OF prices FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE prices_24 PARTITION OF prices FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE prices_rest PARTITION OF prices DEFAULT;
CREATE UNIQUE INDEX prices_key ON prices (sku, day);
CREATE TABLE plain (id int, note text);
CREATE TABLE settings (key text PRIMARY KEY, value text);
CREATE FUNCTION setting(k text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT value FROM settings WHERE key = k $$;
CREATE TABLE defaulted (id int, currency text DEFAULT setting('currency'), n int);
CREATE FUNCTION known_sku(s text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN EXISTS (SELECT FROM stock WHERE sku = s); END $$;
CREATE TABLE checked (id int, sku text CHECK (known_sku(sku)));
CREATE FUNCTION log_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO stock_archive (sku) VALUES (OLD.sku);
    RETURN OLD;
  ELSE
    INSERT INTO stock_log (sku, op) VALUES (NEW.sku, TG_OP);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stock_changes AFTER INSERT OR UPDATE OR DELETE ON stock FOR EACH ROW EXECUTE FUNCTION log_stock();
CREATE FUNCTION touch_settings() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE settings SET value = 'x' WHERE key = 'touched'; RETURN NULL; END $$;
CREATE TRIGGER regions_touch AFTER UPDATE ON regions FOR EACH STATEMENT EXECUTE FUNCTION touch_settings();
CREATE VIEW shop_view AS SELECT id, region FROM shops WHERE region IS NOT NULL WITH CHECK OPTION;
CREATE VIEW shop_names AS SELECT s.id, r.name FROM shop_view s JOIN regions r ON r.code = s.region;
CREATE VIEW settings_view AS SELECT key, value FROM settings;
CREATE TABLE tree (id int PRIMARY KEY, parent int REFERENCES tree ON DELETE CASCADE);
CREATE TABLE leaves_of (id int REFERENCES tree ON DELETE CASCADE, what text);
CREATE INDEX leaves_idx ON leaves_of (id);
CREATE TABLE base_doc (id int PRIMARY KEY, t text);
CREATE TABLE note_doc (n int, PRIMARY KEY (id)) INHERITS (base_doc);
CREATE TABLE typed_doc (id int, d int REFERENCES note_doc ON DELETE SET DEFAULT);
CREATE SEQUENCE loose_seq;
INSERT INTO regions VALUES ('EUR', 'Europe'), ('ASI', 'Asia'), ('AFR', 'Africa'), ('AME', 'America');
INSERT INTO shops (id, region) SELECT n, CASE WHEN n % 2 = 0 THEN 'EUR' ELSE 'ASI' END FROM generate_series(1, 6) n;
INSERT INTO workers (shop_id, name) SELECT n, 'w' || n FROM generate_series(1, 6) n;
INSERT INTO stock SELECT n, CASE WHEN n % 2 = 0 THEN 'EUR' ELSE 'ASI' END, 's' || n, n FROM generate_series(1, 6) n;
INSERT INTO prices SELECT 's' || n, '2023-03-01'::date + n * 60, n FROM generate_series(1, 12) n;
INSERT INTO settings VALUES ('currency', 'EUR'), ('touched', 'no');
INSERT INTO tree VALUES (1, NULL), (2, 1), (3, 2), (4, NULL);
INSERT INTO leaves_of VALUES (3, 'x'), (4, 'y');
INSERT INTO plain SELECT n, 'p' FROM generate_series(1, 5) n;
INSERT INTO note_doc VALUES (1, 'a', 1), (2, 'b', 2);
INSERT INTO typed_doc VALUES (1, 1);
-- statements
INSERT INTO workers (shop_id, name) VALUES (1, 'late');
UPDATE workers SET shop_id = 2 WHERE id = 1;
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO workers (shop_id, name, boss) VALUES (2, 'now', 1);
UPDATE shops SET manager = 1 WHERE id = 1;
-- rows
UPDATE shops SET region = 'AFR' WHERE id = 99;
INSERT INTO stock VALUES (1, 'ASI', 'new');
INSERT INTO stock (shop_id, sku, region) VALUES (2, 'new', 'EUR') ON CONFLICT (shop_id, sku) DO UPDATE SET n = stock.n + 1;
-- rows
INSERT INTO stock AS s (shop_id, sku, region) VALUES (2, 'new', 'EUR') ON CONFLICT ON CONSTRAINT stock_pkey DO UPDATE SET n = s.n + 1 WHERE s.n < (SELECT count(*) FROM plain);
INSERT INTO stock (shop_id, sku, region) SELECT shop_id, sku || 'x', region FROM stock WHERE n = 3 ON CONFLICT DO NOTHING;
DELETE FROM stock WHERE sku = 's6';
UPDATE stock SET n = n + 1 WHERE sku = 's5';
INSERT INTO regions VALUES ('EUR', 'Europa') ON CONFLICT (code) DO UPDATE SET name = excluded.name;
INSERT INTO regions VALUES ('EUR', 'Europa') ON CONFLICT (code) DO NOTHING;
INSERT INTO settings VALUES ('a', 'b') ON CONFLICT (key) DO UPDATE SET value = (SELECT max(note) FROM plain);
-- rows
UPDATE regions SET code = 'EUU' WHERE code = 'AME';
-- rows
UPDATE regions SET name = 'Afrika' WHERE code = 'AFR';
-- pg: 15-
MERGE INTO stock USING (SELECT 's1' AS sku, 5 AS n) src ON stock.sku = src.sku WHEN MATCHED THEN UPDATE SET n = src.n;
-- pg: 15-
-- rows
MERGE INTO stock USING plain p ON stock.n = p.id AND stock.sku = 'nothing' WHEN NOT MATCHED AND p.id > 100 THEN INSERT VALUES (1, 'ASI', 'm', 1) WHEN MATCHED AND p.id = 1 THEN DELETE;
-- pg: 15-
MERGE INTO prices t USING plain p ON t.sku = 's1' AND p.id = 1 WHEN MATCHED THEN UPDATE SET price = 3;
-- pg: 15-
MERGE INTO base_doc b USING plain p ON b.id = p.id AND p.id = 1 WHEN MATCHED THEN UPDATE SET t = 'merged';
COPY plain (id) FROM PROGRAM 'echo 5';
COPY workers (shop_id, name) FROM PROGRAM 'printf "1\tcopied\n"';
COPY stock_log (sku, op) FROM PROGRAM 'printf "x\tcopied\n"';
COPY stock FROM PROGRAM 'printf "1\tASI\tcopied\t4\n"';
COPY defaulted (id) FROM PROGRAM 'echo 7';
COPY (SELECT * FROM shop_names) TO PROGRAM 'cat >/dev/null';
COPY plain TO PROGRAM 'cat >/dev/null' WITH (FORMAT csv);
INSERT INTO prices VALUES ('s1', '2024-07-07', 2);
INSERT INTO prices (sku, day, price, currency) VALUES ('s1', '2024-08-07', 2, NULL);
-- rows
INSERT INTO prices (sku, day, price) VALUES ('s1', '2024-07-07', 2) ON CONFLICT (sku, day) DO UPDATE SET price = excluded.price;
INSERT INTO prices (sku, day, price) VALUES ('s9', '2031-07-07', 2), ('s9', '2023-09-09', 1) ON CONFLICT DO NOTHING;
UPDATE prices SET day = '2024-02-02' WHERE sku = 's1' AND day = '2023-04-30';
UPDATE prices SET price = 5 WHERE day >= '2024-01-01' AND day < '2024-06-01';
UPDATE prices_24 SET price = 6 WHERE sku = 's9';
DELETE FROM prices USING plain WHERE prices.day = '2024-02-02' AND plain.id = 1;
UPDATE prices p SET price = q.price FROM prices q WHERE p.sku = q.sku AND p.day = '2024-07-07' AND q.day < '2024-01-01';
INSERT INTO defaulted (id) VALUES (1);
INSERT INTO defaulted (id, currency) VALUES (1, DEFAULT);
INSERT INTO defaulted VALUES (2, 'USD', 1);
INSERT INTO defaulted DEFAULT VALUES;
INSERT INTO checked VALUES (1, 's1');
UPDATE checked SET sku = 's2' WHERE id = 1;
UPDATE checked SET id = 2 WHERE id = 1;
-- rows
UPDATE shop_view SET region = 'ASI' WHERE id = 1;
INSERT INTO shop_view VALUES (77, 'EUR');
DELETE FROM shop_view WHERE id = 77;
UPDATE settings_view SET value = (SELECT note FROM plain LIMIT 1) WHERE key = 'a';
INSERT INTO settings_view VALUES ('b', 'c') ON CONFLICT (key) DO UPDATE SET value = 'd';
SELECT * FROM shop_names FOR SHARE;
SELECT * FROM shop_view v JOIN plain p ON p.id = v.id FOR UPDATE OF p;
SELECT * FROM (SELECT id FROM plain FOR UPDATE) x, settings FOR SHARE OF settings;
WITH moved AS (DELETE FROM plain WHERE id = 5 RETURNING *) INSERT INTO stock_log (sku, op) SELECT note, 'moved' FROM moved;
WITH up AS (UPDATE shops SET manager = 2 WHERE id = 2 RETURNING id) SELECT * FROM up;
WITH x AS MATERIALIZED (SELECT id FROM shops FOR KEY SHARE) SELECT count(*) FROM x;
DELETE FROM tree WHERE id = 1;
DELETE FROM tree WHERE parent IS NULL;
UPDATE base_doc SET t = 'c' WHERE id = 1;
UPDATE ONLY base_doc SET t = 'c' WHERE id = 1;
DELETE FROM base_doc WHERE id = 1;
DELETE FROM base_doc;
DELETE FROM workers WHERE id = 4;
DELETE FROM stock WHERE shop_id = 5;
DELETE FROM workers WHERE shop_id = 5;
DELETE FROM shops WHERE id = 5;
DELETE FROM regions WHERE code = 'AFR';
SELECT nextval('loose_seq'), setval('stock_log_id_seq', 100);
SELECT setval(pg_get_serial_sequence('stock_log', 'id'), (SELECT coalesce(max(id), 1) FROM stock_log));
SELECT setval(pg_get_serial_sequence('workers', 'id'), max(id)) FROM workers;
SELECT pg_relation_size('plain'), pg_total_relation_size('stock');
SELECT pg_advisory_xact_lock(5);
SELECT * FROM stock TABLESAMPLE SYSTEM (50);
SELECT * FROM settings s, LATERAL (SELECT * FROM plain p WHERE p.note = s.value) q;
SELECT id FROM plain UNION ALL SELECT id FROM shops EXCEPT SELECT id FROM ONLY base_doc;
TABLE settings;
VALUES ((SELECT count(*) FROM plain));
EXPLAIN SELECT * FROM shop_names;
EXPLAIN ANALYZE UPDATE stock SET n = 2 WHERE sku = 's2';
EXPLAIN (ANALYZE, COSTS OFF) INSERT INTO plain SELECT id FROM shops;
EXPLAIN CREATE TABLE never AS SELECT * FROM shop_names;
PREPARE get_shop (int) AS SELECT * FROM shop_names WHERE id = $1;
EXPLAIN EXECUTE get_shop (1);
EXECUTE get_shop (1);
PREPARE put_stock AS UPDATE stock SET n = 1 WHERE sku = 's3';
EXECUTE put_stock;
CREATE TABLE from_prepared AS EXECUTE get_shop (2);
PREPARE put_setting AS UPDATE settings_view SET value = 'q' WHERE key = 'b';
DEALLOCATE ALL;
SELECT id INTO new_plain FROM plain;
CREATE TABLE copied_shops AS TABLE shop_names WITH NO DATA;
CREATE MATERIALIZED VIEW shop_mat AS SELECT * FROM shop_names WITH NO DATA;
REFRESH MATERIALIZED VIEW shop_mat;
CREATE UNIQUE INDEX ON shop_mat (id);
REFRESH MATERIALIZED VIEW CONCURRENTLY shop_mat;
CREATE VIEW nested AS SELECT * FROM shop_names;
CREATE OR REPLACE VIEW nested AS SELECT id, name, 1 AS one FROM shop_names;
CREATE RECURSIVE VIEW numbers (n) AS SELECT id FROM plain UNION ALL SELECT n + 1 FROM numbers WHERE n < 3;
CREATE FUNCTION read_shops() RETURNS SETOF shop_names LANGUAGE sql AS 'SELECT * FROM shop_names';
CREATE FUNCTION write_settings() RETURNS void LANGUAGE sql AS 'UPDATE settings_view SET value = NULL';
-- pg: 14-
CREATE FUNCTION atomic_read() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM shop_names; END;
CREATE RULE plain_log AS ON INSERT TO plain DO ALSO INSERT INTO stock_log (sku, op) SELECT name, 'rule' FROM shop_names WHERE id = NEW.id;
-- rows
INSERT INTO plain VALUES (100, 'ruled');
