CREATE TABLE orders (id int PRIMARY KEY, status text);
SELECT id FROM orders WHERE status NOT IN ('new', NULL); -- want
DELETE FROM orders WHERE id NOT IN (1, 2, NULL); -- want
SELECT id FROM orders WHERE status IN ('new', NULL);
SELECT id FROM orders WHERE status NOT IN ('new');
