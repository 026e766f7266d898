-- A shop in three schemas: translations, price periods that must not overlap, stock kept by MERGE, orders and payments.
CREATE SCHEMA catalog;
CREATE SCHEMA sales;
CREATE SCHEMA stock;
CREATE DOMAIN catalog.money_amount AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE TYPE sales.status AS ENUM ('cart', 'placed', 'paid', 'sent', 'back');
CREATE TYPE sales.address AS (street text, town text, zip varchar(10));
CREATE TABLE catalog.languages (code char(2) PRIMARY KEY, fallback char(2) REFERENCES catalog.languages);
CREATE TABLE catalog.products (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sku varchar(20) NOT NULL CONSTRAINT sku_once UNIQUE, price catalog.money_amount NOT NULL, attributes jsonb, active bool DEFAULT true, weight_g int);
CREATE INDEX products_attributes ON catalog.products USING gin (attributes);
CREATE INDEX products_colour ON catalog.products ((attributes ->> 'colour')) WHERE active;
CREATE TABLE catalog.product_texts (product_id int REFERENCES catalog.products ON DELETE CASCADE, lang char(2) REFERENCES catalog.languages, title text NOT NULL, body text,
  document tsvector GENERATED ALWAYS AS (setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', coalesce(body, ''))) STORED, PRIMARY KEY (product_id, lang));
CREATE INDEX product_texts_document ON catalog.product_texts USING gin (document);
CREATE TABLE catalog.price_periods (product int4range NOT NULL, during daterange NOT NULL, price catalog.money_amount, CONSTRAINT one_price EXCLUDE USING gist (product WITH =, during WITH &&));
CREATE TABLE stock.warehouses (id smallint PRIMARY KEY, name text, place sales.address);
CREATE TABLE stock.levels (warehouse smallint REFERENCES stock.warehouses, product_id int REFERENCES catalog.products, quantity int NOT NULL DEFAULT 0 CHECK (quantity >= 0), PRIMARY KEY (warehouse, product_id));
CREATE TABLE stock.movements (id bigserial PRIMARY KEY, warehouse smallint, product_id int, delta int, at timestamp DEFAULT now(), FOREIGN KEY (warehouse, product_id) REFERENCES stock.levels);
CREATE TABLE sales.customers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number serial UNIQUE, mail text, phones text[], address sales.address);
CREATE TABLE sales.orders (id bigserial PRIMARY KEY, customer int REFERENCES sales.customers (number), status sales.status DEFAULT 'cart', total catalog.money_amount, placed_at timestamp, lang char(2) REFERENCES catalog.languages);
CREATE INDEX orders_waiting ON sales.orders (placed_at) WHERE status IN ('placed', 'paid');
CREATE TABLE sales.order_lines (order_id bigint REFERENCES sales.orders ON DELETE CASCADE, line smallint, product_id int NOT NULL REFERENCES catalog.products, quantity int, price numeric(10, 2), PRIMARY KEY (order_id, line));
CREATE TABLE sales.payments (id int PRIMARY KEY, order_id bigint REFERENCES sales.orders, amount numeric, provider text, raw json);
CREATE FUNCTION sales.recompute() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales.orders SET total = (SELECT coalesce(sum(l.quantity * l.price), 0) FROM sales.order_lines l WHERE l.order_id = NEW.order_id) WHERE id = NEW.order_id;
  RETURN NEW;
END $$;
CREATE TRIGGER lines_recompute AFTER INSERT OR UPDATE ON sales.order_lines FOR EACH ROW EXECUTE FUNCTION sales.recompute();
CREATE FUNCTION catalog.title_of(p int, l char) RETURNS text LANGUAGE sql STABLE AS $$ SELECT title FROM catalog.product_texts WHERE product_id = p AND lang = l $$;
CREATE PROCEDURE stock.book(w smallint, p int, d int) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE stock.levels SET quantity = quantity + d WHERE warehouse = w AND product_id = p;
  INSERT INTO stock.movements (warehouse, product_id, delta) VALUES (w, p, d);
END $$;
CREATE VIEW sales.open_orders AS SELECT * FROM sales.orders WHERE status <> 'sent';
CREATE VIEW sales.revenue AS SELECT date_trunc('month', o.placed_at) AS month, sum(l.quantity * l.price) AS amount FROM sales.orders o JOIN sales.order_lines l ON l.order_id = o.id GROUP BY 1;
CREATE MATERIALIZED VIEW sales.best_sellers AS SELECT p.id, p.sku, sum(l.quantity) AS sold FROM catalog.products p JOIN sales.order_lines l ON l.product_id = p.id GROUP BY p.id;
CREATE INDEX best_sellers_sold ON sales.best_sellers (sold DESC);
INSERT INTO catalog.languages VALUES ('en', NULL), ('de', 'en'), ('fr', 'en');
INSERT INTO catalog.products (sku, price, attributes) SELECT 'P-' || n, n, '{"colour": "red"}' FROM generate_series(1, 6) n;
INSERT INTO catalog.product_texts SELECT n, 'en', 'Thing ' || n FROM generate_series(1, 6) n;
INSERT INTO catalog.price_periods VALUES ('[1,2)', '[2024-01-01,2024-06-01)', 10), ('[2,3)', '[2024-01-01,2024-06-01)', 12);
INSERT INTO stock.warehouses VALUES (1, 'north'), (2, 'south');
INSERT INTO stock.levels SELECT 1, n, 100 FROM generate_series(1, 6) n;
INSERT INTO stock.movements (warehouse, product_id, delta) SELECT 1, n, 100 FROM generate_series(1, 6) n;
INSERT INTO sales.customers (mail) SELECT 'c' || n || '@example.org' FROM generate_series(1, 6) n;
INSERT INTO sales.orders (customer, status, placed_at, lang) SELECT n, 'placed', '2024-01-01', 'en' FROM generate_series(1, 6) n;
INSERT INTO sales.order_lines SELECT n, 1, n, 2, 9.5 FROM generate_series(1, 6) n;
INSERT INTO sales.payments SELECT n, n, 19, 'card', '{}' FROM generate_series(1, 6) n;
-- statements
ALTER TABLE catalog.products ADD COLUMN tax_class text, ADD COLUMN brand text DEFAULT 'own', ALTER COLUMN attributes SET DEFAULT '{}';
ALTER TABLE catalog.products ADD CONSTRAINT weight_there CHECK (weight_g > 0) NOT VALID, ALTER COLUMN active SET NOT NULL;
ALTER TABLE catalog.languages ADD COLUMN name text;
INSERT INTO catalog.languages (code, fallback, name) VALUES ('it', 'en', 'Italiano') ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE languages.name IS NULL;
INSERT INTO catalog.product_texts (product_id, lang, title) SELECT product_id, 'de', title FROM catalog.product_texts WHERE lang = 'en' AND product_id < 3;
ALTER TABLE catalog.product_texts DROP COLUMN document, ADD COLUMN document tsvector GENERATED ALWAYS AS (to_tsvector('simple', title)) STORED;
CREATE INDEX product_texts_document ON catalog.product_texts USING gist (document);
SELECT p.sku, catalog.title_of(p.id, 'de') FROM catalog.products p WHERE p.attributes @> '{"colour": "red"}';
ALTER DOMAIN catalog.money_amount ADD CONSTRAINT sane CHECK (VALUE < 1000000);
INSERT INTO catalog.price_periods VALUES ('[1,2)', '[2024-06-01,2025-01-01)', 11);
ALTER TABLE catalog.price_periods DROP CONSTRAINT one_price, ADD CONSTRAINT one_price_only EXCLUDE USING gist (product WITH &&, during WITH &&) WHERE (price IS NOT NULL);
-- pg: 18
ALTER TABLE catalog.price_periods ADD CONSTRAINT price_period_key UNIQUE (product, during WITHOUT OVERLAPS);
CALL stock.book(1::smallint, 2, -5);
INSERT INTO sales.order_lines VALUES (1, 2, 3, 1, 4.5);
-- mode: A
-- pg: 15-
MERGE INTO stock.levels l USING (SELECT product_id, sum(quantity)::int AS n FROM sales.order_lines GROUP BY product_id) s ON l.product_id = s.product_id AND l.warehouse = 1
  WHEN MATCHED AND l.quantity >= s.n THEN UPDATE SET quantity = l.quantity - s.n WHEN NOT MATCHED THEN DO NOTHING;
-- pg: 17-
MERGE INTO stock.levels l USING stock.warehouses w ON w.id = l.warehouse AND l.product_id = 6
  WHEN MATCHED THEN UPDATE SET quantity = 50 WHEN NOT MATCHED BY SOURCE AND l.quantity < 0 THEN DELETE RETURNING merge_action(), l.product_id;
ALTER TABLE sales.orders ADD COLUMN ship_to sales.address, ADD COLUMN customer_id uuid REFERENCES sales.customers (id);
UPDATE sales.orders o SET customer_id = c.id FROM sales.customers c WHERE c.number = o.customer AND o.id < 4;
CREATE TRIGGER payments_guard BEFORE DELETE ON sales.payments FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger();
DROP TRIGGER payments_guard ON sales.payments;
ALTER TYPE sales.address ADD ATTRIBUTE country char(2) CASCADE;
ALTER TABLE sales.payments ALTER COLUMN raw TYPE jsonb, ALTER COLUMN id TYPE bigint, ADD CONSTRAINT paid_once UNIQUE (order_id, provider);
DELETE FROM sales.payments p USING sales.orders o WHERE o.id = p.order_id AND o.status = 'placed' AND p.id = 6;
DROP VIEW sales.revenue, sales.open_orders;
ALTER TABLE sales.orders ALTER COLUMN placed_at TYPE timestamptz USING placed_at AT TIME ZONE 'UTC', ALTER COLUMN lang SET DEFAULT 'en';
CREATE VIEW sales.revenue AS SELECT b.sku, b.sold, p.price * b.sold AS amount FROM sales.best_sellers b JOIN catalog.products p USING (id);
CREATE RULE revenue_price AS ON UPDATE TO sales.revenue DO INSTEAD UPDATE catalog.products SET price = new.amount / new.sold WHERE sku = old.sku;
UPDATE sales.revenue SET amount = 100 WHERE sku = 'P-4';
REFRESH MATERIALIZED VIEW sales.best_sellers;
ALTER TABLE stock.levels ADD COLUMN shelf text[], DROP CONSTRAINT levels_quantity_check, ADD CONSTRAINT quantity_known CHECK (quantity > -100);
ALTER TABLE stock.movements ALTER COLUMN at SET NOT NULL, SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
DO $$
BEGIN
  INSERT INTO stock.warehouses (id, name) SELECT max(id) + 1, 'east' FROM stock.warehouses;
  ALTER TABLE stock.warehouses ALTER COLUMN name SET NOT NULL;
  CREATE UNIQUE INDEX warehouses_name ON stock.warehouses (lower(name));
END $$;
ALTER TABLE sales.customers ADD CONSTRAINT customers_mail_key UNIQUE (mail), DROP CONSTRAINT customers_number_key CASCADE;
CREATE INDEX CONCURRENTLY orders_by_customer ON sales.orders (customer_id, placed_at DESC) INCLUDE (status);
ALTER TABLE sales.orders DROP COLUMN customer;
TRUNCATE sales.payments, stock.movements RESTART IDENTITY;
TRUNCATE sales.orders CASCADE;
ALTER SCHEMA stock RENAME TO inventory;
ALTER TABLE catalog.products RENAME CONSTRAINT sku_once TO products_sku_key;
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA inventory TO app_writer;
ALTER MATERIALIZED VIEW sales.best_sellers SET SCHEMA catalog;
REINDEX TABLE catalog.product_texts;
DROP MATERIALIZED VIEW catalog.best_sellers CASCADE;
DROP DOMAIN catalog.money_amount CASCADE;
DROP SCHEMA inventory CASCADE;
