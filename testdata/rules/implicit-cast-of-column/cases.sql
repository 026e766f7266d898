CREATE TABLE orders (id bigint PRIMARY KEY, placed_on date, placed_at timestamp, price numeric);
SELECT 1 FROM orders WHERE id = 17.5; -- want
SELECT 1 FROM orders WHERE id = 17::numeric; -- want
SELECT 1 FROM orders WHERE id = '17'::float8; -- want
SELECT 1 FROM orders WHERE id = 17;
SELECT 1 FROM orders WHERE id = '17';
SELECT 1 FROM orders WHERE price = 17;
SELECT 1 FROM orders WHERE placed_on >= '2024-01-01';
SELECT 1 FROM orders WHERE placed_on >= '2024-01-01'::timestamp;
