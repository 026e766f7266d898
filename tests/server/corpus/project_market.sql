-- A marketplace: sellers, offers in hash partitions, payments in list partitions, upserts, merges and row locks.
CREATE SCHEMA pay;
CREATE TABLE sellers (id int PRIMARY KEY, name text NOT NULL, country char(2) NOT NULL DEFAULT 'DE', rating numeric(3, 2), joined date DEFAULT '2024-01-01');
CREATE TABLE categories (id int PRIMARY KEY, parent_id int REFERENCES categories ON DELETE SET NULL, slug varchar(50) UNIQUE, depth smallint);
CREATE TABLE offers (
  id bigint NOT NULL, seller_id int NOT NULL REFERENCES sellers ON DELETE CASCADE, category_id int REFERENCES categories,
  title text NOT NULL, price numeric(10, 2) NOT NULL, stock int NOT NULL DEFAULT 0, sku text, PRIMARY KEY (id)
) PARTITION BY HASH (id);
CREATE TABLE offers_p0 PARTITION OF offers FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE offers_p1 PARTITION OF offers FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE offers_p2 PARTITION OF offers FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE offers_p3 PARTITION OF offers FOR VALUES WITH (MODULUS 4, REMAINDER 3);
CREATE INDEX offers_seller ON offers (seller_id);
CREATE TABLE carts (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), buyer text, updated timestamptz DEFAULT now());
CREATE TABLE cart_items (cart_id uuid REFERENCES carts ON DELETE CASCADE, offer_id bigint REFERENCES offers, quantity int CHECK (quantity > 0), PRIMARY KEY (cart_id, offer_id));
CREATE TABLE pay.payments (id bigint, method text NOT NULL, amount numeric(12, 2), state text DEFAULT 'open', PRIMARY KEY (id, method)) PARTITION BY LIST (method);
CREATE TABLE pay.payments_card PARTITION OF pay.payments FOR VALUES IN ('visa', 'master');
CREATE TABLE pay.payments_bank PARTITION OF pay.payments FOR VALUES IN ('sepa');
CREATE TABLE pay.payments_other PARTITION OF pay.payments DEFAULT;
CREATE TABLE pay.refunds (id int PRIMARY KEY, payment_id bigint, method text, reason text, FOREIGN KEY (payment_id, method) REFERENCES pay.payments);
CREATE TABLE stock_moves (offer_id bigint, delta int, at timestamptz DEFAULT now());
CREATE VIEW cheap_offers AS SELECT id, title, price FROM offers WHERE price < 10;
CREATE VIEW seller_offers AS SELECT s.id AS seller_id, s.name, o.id AS offer_id, o.price FROM sellers s JOIN offers o ON o.seller_id = s.id;
CREATE MATERIALIZED VIEW seller_scores AS SELECT s.id, avg(o.price) AS mean FROM sellers s JOIN offers o ON o.seller_id = s.id GROUP BY s.id;
CREATE UNIQUE INDEX seller_scores_id ON seller_scores (id);
INSERT INTO sellers SELECT n, 'seller ' || n FROM generate_series(1, 6) n;
INSERT INTO categories VALUES (1, NULL, 'all', 0), (2, 1, 'books', 1), (3, 1, 'toys', 1);
INSERT INTO offers SELECT n, 1 + n % 6, 1 + n % 3, 'offer ' || n, n, 5, 'sku' || n FROM generate_series(1, 40) n;
INSERT INTO carts (buyer) SELECT 'b' || n FROM generate_series(1, 4) n;
INSERT INTO cart_items SELECT id, 1, 2 FROM carts;
INSERT INTO pay.payments SELECT n, (ARRAY['visa', 'sepa', 'paypal'])[1 + n % 3], n FROM generate_series(1, 12) n;
INSERT INTO pay.refunds VALUES (1, 1, 'sepa', 'broken');
INSERT INTO stock_moves SELECT n, -1 FROM generate_series(1, 5) n;
REFRESH MATERIALIZED VIEW seller_scores;
-- statements
SELECT * FROM offers WHERE id = 7;
SELECT title FROM offers WHERE id IN (1, 2) FOR UPDATE;
UPDATE offers SET stock = stock - 1 WHERE id = 12;
DELETE FROM stock_moves WHERE offer_id = 1;
INSERT INTO sellers (id, name) VALUES (1, 'again') ON CONFLICT (id) DO UPDATE SET name = excluded.name;
INSERT INTO sellers (id, name) VALUES (2, 'again') ON CONFLICT DO NOTHING;
INSERT INTO cart_items SELECT id, 2, 1 FROM carts ON CONFLICT (cart_id, offer_id) DO UPDATE SET quantity = cart_items.quantity + 1;
INSERT INTO offers (id, seller_id, title, price) VALUES (101, 1, 'new', 3.5);
-- unknown
INSERT INTO offers (id, seller_id, title, price) SELECT n, 2, 'bulk', n FROM generate_series(200, 230) n;
INSERT INTO pay.payments (id, method, amount) VALUES (50, 'visa', 10);
INSERT INTO pay.payments (id, method, amount) VALUES (51, 'klarna', 10), (52, 'sepa', 3);
UPDATE pay.payments SET state = 'done' WHERE method = 'sepa';
UPDATE pay.payments SET method = 'master' WHERE method = 'visa' AND id = 50;
DELETE FROM pay.payments WHERE method IN ('visa', 'sepa') AND id = 52;
-- pg: 15-
MERGE INTO sellers s USING (VALUES (1, 'one'), (99, 'new')) AS v (id, name) ON s.id = v.id
  WHEN MATCHED THEN UPDATE SET name = v.name
  WHEN NOT MATCHED THEN INSERT (id, name) VALUES (v.id, v.name);
-- pg: 15-
MERGE INTO stock_moves m USING offers o ON m.offer_id = o.id WHEN MATCHED AND m.delta < 0 THEN DELETE;
-- pg: 15-
MERGE INTO categories c USING categories p ON c.parent_id = p.id AND p.id = 1 WHEN MATCHED THEN UPDATE SET depth = 1 WHEN NOT MATCHED THEN DO NOTHING;
SELECT id, price FROM cheap_offers FOR UPDATE;
SELECT name FROM seller_offers WHERE price > 5 FOR SHARE;
SELECT s.name FROM sellers s JOIN categories c ON c.id = s.id FOR UPDATE OF s;
SELECT count(*) FROM pay.payments WHERE method = 'visa';
WITH gone AS (DELETE FROM stock_moves WHERE delta < 0 RETURNING offer_id) INSERT INTO stock_moves (offer_id, delta) SELECT offer_id, 0 FROM gone;
WITH locked AS (SELECT id FROM sellers ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) UPDATE sellers SET rating = 5 FROM locked WHERE sellers.id = locked.id;
CREATE TABLE pay.open_payments AS SELECT * FROM pay.payments WHERE state = 'open';
CREATE TABLE sellers_copy AS TABLE sellers WITH NO DATA;
CREATE UNLOGGED TABLE price_list AS SELECT id, price FROM offers WHERE seller_id = 1;
SELECT id, name INTO sellers_backup FROM sellers;
COPY stock_moves (offer_id, delta) TO '/dev/null';
COPY (SELECT id FROM cheap_offers) TO '/dev/null' WITH (FORMAT csv);
REFRESH MATERIALIZED VIEW CONCURRENTLY seller_scores;
REFRESH MATERIALIZED VIEW seller_scores WITH NO DATA;
ALTER TABLE offers ADD COLUMN currency char(3) NOT NULL DEFAULT 'EUR';
ALTER TABLE offers ADD COLUMN listed_at timestamptz DEFAULT clock_timestamp();
ALTER TABLE offers ADD CONSTRAINT offers_price_sane CHECK (price < 100000) NOT VALID;
ALTER TABLE offers VALIDATE CONSTRAINT offers_price_sane;
ALTER TABLE offers ALTER COLUMN stock SET NOT NULL;
CREATE INDEX offers_title ON offers (lower(title));
CREATE INDEX offers_price_only ON ONLY offers (price);
CREATE INDEX offers_p0_price ON offers_p0 (price);
ALTER INDEX offers_price_only ATTACH PARTITION offers_p0_price;
CREATE UNIQUE INDEX cart_items_offer_first ON cart_items (offer_id, cart_id);
ALTER TABLE cart_items DROP CONSTRAINT cart_items_pkey, ADD CONSTRAINT cart_items_pk PRIMARY KEY USING INDEX cart_items_offer_first;
ALTER TABLE cart_items ADD CONSTRAINT cart_items_seller CHECK (offer_id > 0), ALTER COLUMN quantity SET DEFAULT 1, ALTER COLUMN quantity SET NOT NULL;
ALTER TABLE pay.refunds DROP CONSTRAINT refunds_payment_id_method_fkey;
ALTER TABLE pay.refunds ADD CONSTRAINT refunds_payment FOREIGN KEY (payment_id, method) REFERENCES pay.payments (id, method) ON DELETE CASCADE NOT VALID;
ALTER TABLE pay.refunds VALIDATE CONSTRAINT refunds_payment;
CREATE TABLE pay.payments_coin (LIKE pay.payments INCLUDING ALL);
ALTER TABLE pay.payments ATTACH PARTITION pay.payments_coin FOR VALUES IN ('bitcoin');
ALTER TABLE pay.payments DETACH PARTITION pay.payments_card;
DROP TABLE pay.payments_card;
ALTER TABLE sellers ALTER COLUMN country TYPE varchar(2);
ALTER TABLE sellers ALTER COLUMN rating TYPE numeric(5, 2);
ALTER TABLE categories ALTER COLUMN slug TYPE varchar(80), ALTER COLUMN depth TYPE int;
DROP VIEW seller_offers;
TRUNCATE carts CASCADE;
DROP TABLE offers CASCADE;
