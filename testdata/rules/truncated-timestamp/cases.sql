CREATE TABLE orders (id int PRIMARY KEY, placed_at timestamp, placed_on date, note text);
CREATE INDEX ON orders (date_trunc('month', placed_at));
SELECT id FROM orders WHERE placed_at::date = current_date; -- want
SELECT id FROM orders WHERE date(placed_at) = '2024-05-01'; -- want
SELECT id FROM orders WHERE date_trunc('day', placed_at) = '2024-05-01'; -- want
SELECT id FROM orders WHERE extract(year FROM placed_at) = 2024; -- want
SELECT id FROM orders WHERE to_char(placed_at, 'YYYY-MM') = '2024-05'; -- want
SELECT id FROM orders WHERE date_trunc('month', placed_at) = '2024-05-01';
SELECT id FROM orders WHERE placed_on::date = current_date;
SELECT id FROM orders WHERE placed_at >= current_date;
SELECT id FROM orders WHERE placed_at >= date_trunc('day', now());
