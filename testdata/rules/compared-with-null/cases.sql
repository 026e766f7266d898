CREATE TABLE orders (id int PRIMARY KEY, shipped_at timestamptz, note text);
SELECT id FROM orders WHERE shipped_at = NULL; -- want
SELECT id FROM orders WHERE note <> NULL OR id = 3; -- want
UPDATE orders SET note = '' WHERE note = NULL; -- want
UPDATE orders SET note = NULL WHERE id = 4;
SELECT id FROM orders WHERE shipped_at IS NULL;
SELECT id FROM orders WHERE note IS NOT DISTINCT FROM NULL;
