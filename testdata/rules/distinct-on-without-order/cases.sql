CREATE TABLE orders (id int PRIMARY KEY, customer_id int, placed_at timestamptz);
SELECT DISTINCT ON (customer_id) customer_id, id FROM orders; -- want
SELECT DISTINCT ON (customer_id) customer_id, id FROM orders ORDER BY customer_id; -- want
SELECT DISTINCT ON (customer_id) customer_id, id FROM orders ORDER BY customer_id, placed_at DESC;
SELECT DISTINCT ON (customer_id) customer_id FROM orders;
