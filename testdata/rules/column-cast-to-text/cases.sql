CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(10), token uuid);
SELECT 1 FROM orders WHERE id::text = '5'; -- want
SELECT 1 FROM orders WHERE CAST(token AS varchar) IN ('a', 'b'); -- want
SELECT 1 FROM orders WHERE code::text = '5';
SELECT 1 FROM orders WHERE id = '5'::bigint;
SELECT 1 FROM orders WHERE id::text LIKE '5%';
