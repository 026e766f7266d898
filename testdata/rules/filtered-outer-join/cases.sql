CREATE TABLE customers (id int PRIMARY KEY, status text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, status text);
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.status = 'new'; -- want
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NOT NULL; -- want
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.id IS NULL;
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'new';
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.status = 'new';
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.status = 'new' OR o.id IS NULL;
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE coalesce(o.status, 'new') = 'new';
SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE o.status IS DISTINCT FROM 'new';
