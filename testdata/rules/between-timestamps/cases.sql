CREATE TABLE orders (id int, placed_at timestamptz, placed_on date);
SELECT id FROM orders WHERE placed_at BETWEEN '2024-05-01' AND '2024-05-31'; -- want
SELECT id FROM orders WHERE placed_at BETWEEN '2024-05-01 00:00:00' AND '2024-05-31 23:59:59'; -- want
SELECT id FROM orders WHERE placed_on BETWEEN '2024-05-01' AND '2024-05-31';
SELECT id FROM orders WHERE placed_at BETWEEN $1 AND $2;
SELECT id FROM orders WHERE placed_at BETWEEN now() - interval '1 day' AND now();
SELECT id FROM orders WHERE placed_at >= '2024-05-01' AND placed_at < '2024-06-01';
