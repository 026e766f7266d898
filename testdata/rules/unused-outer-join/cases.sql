CREATE TABLE customers (id int PRIMARY KEY, name text, region int);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id; -- want
SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer_id;
SELECT o.id FROM orders o LEFT JOIN customers c ON c.region = o.customer_id;
SELECT * FROM orders o LEFT JOIN customers c ON c.id = o.customer_id;
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL;
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE EXISTS (SELECT 1 FROM orders p WHERE p.id = c.region);
