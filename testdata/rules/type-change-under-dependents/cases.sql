CREATE TABLE orders (id int, total int, tax int, gross int GENERATED ALWAYS AS (total + tax) STORED);
CREATE VIEW ids AS SELECT id FROM orders;
ALTER TABLE orders ALTER COLUMN id TYPE bigint; -- want
ALTER TABLE orders ALTER COLUMN tax TYPE bigint; -- want
DROP VIEW ids;
ALTER TABLE orders ALTER COLUMN id TYPE bigint;
