CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
SELECT id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) > 0; -- want
SELECT id FROM customers c WHERE 0 = (SELECT count(o.id) FROM orders o WHERE o.customer_id = c.id); -- want
SELECT (SELECT count(*) FROM orders) >= 1; -- want
SELECT id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) > 5;
SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id);
