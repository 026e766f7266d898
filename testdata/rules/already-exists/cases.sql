CREATE TABLE orders (id int, CONSTRAINT id_positive CHECK (id > 0));
ALTER TABLE orders ADD COLUMN id int; -- want
ALTER TABLE orders ADD CONSTRAINT id_positive CHECK (id > 1); -- want
CREATE INDEX orders_id ON orders (id);
CREATE INDEX orders_id ON orders (id); -- want
ALTER TABLE orders ADD COLUMN IF NOT EXISTS id int;
CREATE TABLE orders (id int); -- want
ALTER TABLE orders DROP COLUMN id, ADD COLUMN id bigint;
DROP TABLE orders;
CREATE TABLE orders (id int);
CREATE OR REPLACE VIEW v AS SELECT 1 AS a;
CREATE OR REPLACE VIEW v AS SELECT 2 AS a;
