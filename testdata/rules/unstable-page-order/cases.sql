CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamptz, number text NOT NULL UNIQUE);
SELECT id FROM orders ORDER BY placed_at LIMIT 20 OFFSET 40; -- want
SELECT id FROM orders ORDER BY placed_at DESC LIMIT 20 OFFSET 40; -- want
SELECT id FROM orders ORDER BY placed_at, id LIMIT 20 OFFSET 40;
SELECT id FROM orders ORDER BY number LIMIT 20 OFFSET 40;
SELECT id FROM orders ORDER BY placed_at LIMIT 20;
