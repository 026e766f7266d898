BEGIN;
ALTER TABLE orders ADD COLUMN channel text;
UPDATE orders SET channel = 'web'; -- want
DELETE FROM orders WHERE total = 0; -- want
UPDATE customers SET name = trim(name); -- want
COMMIT;
UPDATE orders SET channel = 'shop';
