CREATE TABLE orders (id int);
ALTER TABLE orders DROP COLUMN total; -- want
CREATE INDEX orders_total ON orders (total); -- want
ALTER TABLE orders ADD COLUMN total int, ALTER COLUMN total SET DEFAULT 0;
ALTER TABLE orders RENAME TO purchases;
ALTER TABLE orders ADD COLUMN tax int; -- want
DROP TABLE purchases;
DROP TABLE purchases; -- want
DROP TABLE IF EXISTS purchases;
-- Perhaps from before the first migration.
ALTER TABLE invoices DROP COLUMN total;
