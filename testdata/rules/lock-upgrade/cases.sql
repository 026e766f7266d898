BEGIN;
CREATE INDEX orders_email ON orders (email);
ALTER TABLE orders ADD COLUMN channel text; -- want
ALTER TABLE orders ADD COLUMN medium text;
COMMIT;
BEGIN;
ALTER TABLE orders ADD COLUMN city text;
CREATE INDEX orders_city ON orders (city);
COMMIT;
