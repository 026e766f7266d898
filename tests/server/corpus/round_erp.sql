-- An ERP for many companies: a schema for each module, composite keys with company_id, stock moves, journal entries in partitions by company, meters of a factory in partitions by month, row security, audit triggers, soft deletes by rule.
CREATE SCHEMA core;
CREATE SCHEMA stock;
CREATE SCHEMA fin;
CREATE SCHEMA mfg;
CREATE TYPE core.doc_state AS ENUM ('draft', 'confirmed', 'done', 'cancel');
CREATE DOMAIN core.qty AS numeric(14, 3) CHECK (VALUE IS NULL OR VALUE > -1000000);
CREATE TABLE core.companies (id int PRIMARY KEY, name text NOT NULL, parent int REFERENCES core.companies, currency char(3) DEFAULT 'EUR');
CREATE TABLE core.partners (company_id int NOT NULL REFERENCES core.companies, id bigint NOT NULL GENERATED ALWAYS AS IDENTITY, name text, vat varchar(20), is_customer bool DEFAULT true, active bool NOT NULL DEFAULT true, PRIMARY KEY (company_id, id));
CREATE UNIQUE INDEX partners_vat ON core.partners (company_id, vat) WHERE active;
CREATE TABLE core.audit (id bigserial PRIMARY KEY, tab text, op text, old_row jsonb, new_row jsonb, at timestamptz DEFAULT now());
CREATE FUNCTION core.audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_OP
    WHEN 'INSERT' THEN INSERT INTO core.audit (tab, op, new_row) VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(NEW));
    WHEN 'UPDATE' THEN INSERT INTO core.audit (tab, op, old_row, new_row) VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
    ELSE INSERT INTO core.audit (tab, op, old_row) VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(OLD));
  END CASE;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_partners AFTER INSERT OR UPDATE OR DELETE ON core.partners FOR EACH ROW EXECUTE FUNCTION core.audit_row();
CREATE TABLE stock.items (company_id int NOT NULL, sku text NOT NULL, name text, uom varchar(5) DEFAULT 'pc', cost numeric(12, 4), tracking text, PRIMARY KEY (company_id, sku));
CREATE TABLE stock.locations (id serial PRIMARY KEY, company_id int NOT NULL REFERENCES core.companies, code text NOT NULL, parent_id int, path text, UNIQUE (company_id, code), FOREIGN KEY (parent_id) REFERENCES stock.locations ON DELETE CASCADE);
CREATE TABLE stock.moves (id bigserial PRIMARY KEY, company_id int NOT NULL, sku text NOT NULL, from_loc int REFERENCES stock.locations, to_loc int REFERENCES stock.locations, quantity core.qty NOT NULL, state core.doc_state DEFAULT 'draft', done_at timestamptz, CONSTRAINT moves_item FOREIGN KEY (company_id, sku) REFERENCES stock.items);
CREATE INDEX moves_item_idx ON stock.moves (company_id, sku) INCLUDE (quantity);
CREATE INDEX moves_open ON stock.moves (to_loc) WHERE state <> 'done';
CREATE TABLE stock.levels (company_id int, sku text, loc int REFERENCES stock.locations ON DELETE CASCADE, on_hand numeric DEFAULT 0, PRIMARY KEY (company_id, sku, loc), FOREIGN KEY (company_id, sku) REFERENCES stock.items ON DELETE CASCADE ON UPDATE CASCADE);
CREATE FUNCTION stock.apply_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'done' THEN
    INSERT INTO stock.levels AS l VALUES (NEW.company_id, NEW.sku, NEW.to_loc, NEW.quantity)
      ON CONFLICT (company_id, sku, loc) DO UPDATE SET on_hand = l.on_hand + excluded.on_hand;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER moves_apply AFTER UPDATE OF state ON stock.moves FOR EACH ROW EXECUTE FUNCTION stock.apply_move();
CREATE TABLE fin.accounts (company_id int, code varchar(10), name text, kind text, PRIMARY KEY (company_id, code));
CREATE TABLE fin.entries (company_id int NOT NULL, id bigint NOT NULL, date date NOT NULL, ref text, state core.doc_state DEFAULT 'draft', PRIMARY KEY (company_id, id)) PARTITION BY LIST (company_id);
CREATE TABLE fin.entries_1 PARTITION OF fin.entries FOR VALUES IN (1);
CREATE TABLE fin.entries_2 PARTITION OF fin.entries FOR VALUES IN (2, 3);
CREATE TABLE fin.lines (company_id int NOT NULL, entry_id bigint NOT NULL, pos int NOT NULL, account varchar(10), debit numeric(14, 2) DEFAULT 0, credit numeric(14, 2) DEFAULT 0, partner_id bigint, PRIMARY KEY (company_id, entry_id, pos), FOREIGN KEY (company_id, entry_id) REFERENCES fin.entries ON DELETE CASCADE, FOREIGN KEY (company_id, account) REFERENCES fin.accounts) PARTITION BY LIST (company_id);
CREATE TABLE fin.lines_1 PARTITION OF fin.lines FOR VALUES IN (1);
CREATE TABLE fin.lines_2 PARTITION OF fin.lines FOR VALUES IN (2, 3);
CREATE INDEX lines_account ON fin.lines (account);
CREATE TABLE mfg.meters (machine text NOT NULL, at timestamptz NOT NULL, reading double precision, unit text) PARTITION BY RANGE (at);
CREATE TABLE mfg.meters_2024q1 PARTITION OF mfg.meters FOR VALUES FROM ('2024-01-01') TO ('2024-04-01');
CREATE TABLE mfg.meters_2024q2 PARTITION OF mfg.meters FOR VALUES FROM ('2024-04-01') TO ('2024-07-01');
CREATE INDEX meters_machine ON mfg.meters (machine, at);
CREATE INDEX meters_brin ON mfg.meters USING brin (at);
CREATE TABLE mfg.orders (id int PRIMARY KEY, company_id int, sku text, state core.doc_state, planned daterange, FOREIGN KEY (company_id, sku) REFERENCES stock.items);
CREATE VIEW fin.balances AS SELECT l.company_id, l.account, sum(l.debit - l.credit) AS balance FROM fin.lines l JOIN fin.entries e USING (company_id) WHERE e.id = l.entry_id AND e.state = 'done' GROUP BY 1, 2;
CREATE VIEW core.customers AS SELECT company_id, id, name, vat FROM core.partners WHERE is_customer AND active;
CREATE RULE soft_delete AS ON DELETE TO core.customers DO INSTEAD UPDATE core.partners SET active = false WHERE company_id = OLD.company_id AND id = OLD.id;
ALTER TABLE mfg.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY company_rows ON mfg.orders USING (company_id IN (SELECT c.id FROM core.companies c WHERE c.name = current_setting('app.company', true)));
GRANT USAGE ON SCHEMA core, stock, fin, mfg TO app_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core, stock, fin, mfg TO app_writer;
INSERT INTO core.companies VALUES (1, 'Main', NULL), (2, 'North', 1), (3, 'South', 1);
INSERT INTO core.partners (company_id, name, vat) SELECT 1 + n % 3, 'p' || n, 'V' || n FROM generate_series(1, 9) n;
INSERT INTO stock.items (company_id, sku, name) SELECT c, 'S' || n, 'item' FROM generate_series(1, 3) c, generate_series(1, 4) n;
INSERT INTO stock.locations (company_id, code) SELECT c, 'L' || n FROM generate_series(1, 3) c, generate_series(1, 2) n;
INSERT INTO stock.moves (company_id, sku, from_loc, to_loc, quantity) SELECT 1 + n % 3, 'S' || (1 + n % 4), 1, 2, n FROM generate_series(1, 12) n;
INSERT INTO stock.levels SELECT company_id, sku, 1, 5 FROM stock.items;
INSERT INTO fin.accounts SELECT c, code, code, 'x' FROM generate_series(1, 3) c, unnest('{1000,4000}'::text[]) code;
INSERT INTO fin.entries SELECT 1 + n % 3, n, '2024-01-01' FROM generate_series(1, 9) n;
INSERT INTO fin.lines SELECT company_id, id, 1, '1000', 10 FROM fin.entries;
INSERT INTO mfg.meters SELECT 'm' || n % 3, '2024-01-10'::timestamptz + n * interval '7 days', n, 'kWh' FROM generate_series(0, 20) n;
INSERT INTO mfg.orders SELECT n, 1, 'S1', 'draft', '[2024-01-01,2024-02-01)' FROM generate_series(1, 4) n;
-- statements
ALTER TABLE core.partners ADD COLUMN email text, ADD COLUMN tags text[] DEFAULT '{}', ADD COLUMN credit_limit numeric(12, 2);
ALTER TABLE core.partners ADD CONSTRAINT credit_positive CHECK (credit_limit >= 0) NOT VALID;
UPDATE core.partners SET credit_limit = 1000 WHERE company_id = 1;
ALTER TABLE core.partners VALIDATE CONSTRAINT credit_positive;
INSERT INTO core.partners (company_id, name) VALUES (2, 'new one');
DELETE FROM core.partners WHERE company_id = 3 AND id = (SELECT max(id) FROM core.partners WHERE company_id = 3);
DELETE FROM core.customers WHERE company_id = 1 AND name = 'p3';
UPDATE core.customers SET vat = vat || 'x' WHERE company_id = 2;
ALTER TABLE stock.items ADD COLUMN category_id int, ALTER COLUMN uom TYPE varchar(10), ALTER COLUMN cost SET DEFAULT 0;
CREATE TABLE stock.categories (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text NOT NULL, company_id int REFERENCES core.companies ON DELETE CASCADE);
INSERT INTO stock.categories (name, company_id) SELECT 'all', id FROM core.companies;
ALTER TABLE stock.items ADD CONSTRAINT items_category FOREIGN KEY (category_id) REFERENCES stock.categories NOT VALID;
UPDATE stock.items i SET category_id = c.id FROM stock.categories c WHERE c.company_id = i.company_id;
ALTER TABLE stock.items VALIDATE CONSTRAINT items_category;
ALTER TABLE stock.items ALTER COLUMN category_id SET NOT NULL;
UPDATE stock.moves SET state = 'done', done_at = now() WHERE id = 1;
UPDATE stock.moves SET quantity = quantity * 2 WHERE state = 'draft';
INSERT INTO stock.moves (company_id, sku, from_loc, to_loc, quantity) VALUES (1, 'S1', NULL, 2, 5) RETURNING id;
ALTER TABLE stock.moves ALTER COLUMN quantity TYPE numeric(16, 4);
ALTER TABLE stock.moves ADD COLUMN lot text, ADD COLUMN move_date date GENERATED ALWAYS AS ((done_at AT TIME ZONE 'UTC')::date) STORED;
CREATE INDEX moves_lot ON stock.moves USING hash (lot);
ALTER TABLE stock.moves ADD COLUMN backorder_of bigint REFERENCES stock.moves ON DELETE SET NULL;
DELETE FROM stock.moves WHERE id = 12;
DELETE FROM stock.locations WHERE code = 'L2' AND company_id = 3;
ALTER TABLE stock.levels ADD COLUMN reserved numeric NOT NULL DEFAULT 0, ADD CONSTRAINT not_negative CHECK (on_hand - reserved >= -100);
-- pg: 15-
MERGE INTO stock.levels l USING (SELECT company_id, sku, to_loc, sum(quantity) AS q FROM stock.moves WHERE state = 'draft' AND to_loc IS NOT NULL GROUP BY 1, 2, 3) m ON l.company_id = m.company_id AND l.sku = m.sku AND l.loc = m.to_loc WHEN MATCHED THEN UPDATE SET reserved = m.q WHEN NOT MATCHED THEN INSERT (company_id, sku, loc, reserved) VALUES (m.company_id, m.sku, m.to_loc, m.q);
ALTER TABLE fin.lines ADD COLUMN currency char(3) DEFAULT 'EUR', ADD COLUMN amount numeric(14, 2) GENERATED ALWAYS AS (debit - credit) STORED;
ALTER TABLE fin.lines ADD CONSTRAINT one_side CHECK (debit = 0 OR credit = 0);
-- rows
ALTER TABLE fin.lines ADD CONSTRAINT lines_partner FOREIGN KEY (company_id, partner_id) REFERENCES core.partners (company_id, id);
INSERT INTO fin.entries VALUES (1, 100, '2024-05-01', 'A-1');
INSERT INTO fin.lines (company_id, entry_id, pos, account, debit) VALUES (1, 100, 1, '1000', 50);
INSERT INTO fin.lines (company_id, entry_id, pos, account, credit) VALUES (1, 100, 2, '4000', 50), (2, 1, 2, '4000', 3);
UPDATE fin.entries SET state = 'done' WHERE company_id = 1 AND id = 100;
UPDATE fin.lines SET account = '4000' WHERE company_id = 2;
SELECT * FROM fin.balances WHERE company_id = 1;
SELECT e.id, sum(l.debit) FROM fin.entries e JOIN fin.lines l ON l.company_id = e.company_id AND l.entry_id = e.id WHERE e.company_id = 2 AND l.company_id = 2 GROUP BY 1;
DELETE FROM fin.entries WHERE company_id = 1 AND id = 100;
CREATE TABLE fin.entries_4 PARTITION OF fin.entries FOR VALUES IN (4);
CREATE TABLE fin.lines_4 (LIKE fin.lines INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED);
ALTER TABLE fin.lines_4 ADD CONSTRAINT only_4 CHECK (company_id IS NOT NULL AND company_id = 4);
-- rows
ALTER TABLE fin.lines ATTACH PARTITION fin.lines_4 FOR VALUES IN (4);
ALTER TABLE fin.accounts ADD COLUMN parent varchar(10), ADD CONSTRAINT account_tree FOREIGN KEY (company_id, parent) REFERENCES fin.accounts (company_id, code);
ALTER TABLE fin.accounts ALTER COLUMN name SET NOT NULL, ALTER COLUMN kind TYPE varchar(20);
CREATE MATERIALIZED VIEW fin.trial_balance AS SELECT * FROM fin.balances WITH NO DATA;
CREATE UNIQUE INDEX trial_balance_key ON fin.trial_balance (company_id, account);
REFRESH MATERIALIZED VIEW fin.trial_balance;
CREATE INDEX entries_date ON fin.entries (date);
ALTER TABLE fin.entries ALTER COLUMN ref TYPE varchar(64);
CREATE TABLE mfg.meters_2024q3 PARTITION OF mfg.meters FOR VALUES FROM ('2024-07-01') TO ('2024-10-01') WITH (fillfactor = 90);
INSERT INTO mfg.meters (machine, at, reading) SELECT 'm1', '2024-08-01 00:00+00', 7.5;
INSERT INTO mfg.meters VALUES ('m2', '2024-02-02 10:00+00', 3, 'kWh'), ('m2', '2024-05-02 10:00+00', 4, 'kWh');
SELECT machine, avg(reading) FROM mfg.meters WHERE at >= '2024-04-01' AND at < '2024-05-01' GROUP BY machine;
DELETE FROM mfg.meters WHERE at < '2024-02-01';
ALTER TABLE mfg.meters ALTER COLUMN reading TYPE numeric;
ALTER TABLE mfg.meters ADD COLUMN quality smallint NOT NULL DEFAULT 1;
-- mode: A
-- pg: 14-
ALTER TABLE mfg.meters DETACH PARTITION mfg.meters_2024q1 CONCURRENTLY;
-- mode: B
ALTER TABLE mfg.meters DETACH PARTITION mfg.meters_2024q1;
CREATE INDEX ON mfg.meters_2024q1 (reading);
ALTER TABLE mfg.meters_2024q1 RENAME TO meters_old;
DROP INDEX mfg.meters_brin;
SET ROLE app_writer;
SELECT count(*) FROM mfg.orders;
UPDATE mfg.orders SET state = 'confirmed' WHERE id = 1;
RESET ROLE;
ALTER POLICY company_rows ON mfg.orders USING (company_id = current_setting('app.company_id', true)::int);
ALTER TABLE mfg.orders ADD COLUMN uid uuid DEFAULT gen_random_uuid();
ALTER TABLE mfg.orders ADD COLUMN seq bigserial;
CREATE STATISTICS mfg.order_stats (dependencies) ON company_id, sku FROM mfg.orders;
ALTER TABLE mfg.orders DROP COLUMN sku;
ALTER TYPE core.doc_state RENAME VALUE 'cancel' TO 'cancelled';
ALTER DOMAIN core.qty ADD CONSTRAINT not_nan CHECK (VALUE <> 'NaN');
ALTER TABLE core.companies ADD COLUMN settings jsonb DEFAULT jsonb_build_object('lang', 'en');
CREATE FUNCTION core.company_name(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT name FROM core.companies WHERE id = $1';
SELECT core.company_name(company_id), count(*) FROM core.partners GROUP BY 1;
CREATE OR REPLACE VIEW core.customers AS SELECT company_id, id, name, vat, core.company_name(company_id) AS company FROM core.partners WHERE is_customer AND active;
ALTER TABLE core.audit SET UNLOGGED;
DROP TRIGGER audit_partners ON core.partners;
ALTER TABLE core.partners DROP CONSTRAINT partners_company_id_fkey;
TRUNCATE core.audit RESTART IDENTITY;
REINDEX TABLE stock.moves;
DROP TABLE fin.lines_4;
DROP TABLE fin.entries CASCADE;
DROP SCHEMA stock CASCADE;
DROP SCHEMA fin, mfg CASCADE;
