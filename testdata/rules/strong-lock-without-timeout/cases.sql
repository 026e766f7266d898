-- Weak locks, new tables.
COMMENT ON TABLE orders IS 'what was bought';
CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD COLUMN b int;
CREATE INDEX CONCURRENTLY orders_email ON orders (email);
UPDATE orders SET total = 0 WHERE id = 1;
-- Once.
ALTER TABLE orders ADD COLUMN channel text; -- want
ALTER TABLE orders ADD COLUMN medium text;
