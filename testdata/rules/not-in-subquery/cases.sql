CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, shipped boolean);
SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders); -- want
SELECT id FROM customers WHERE id <> ALL (SELECT customer_id FROM orders WHERE shipped); -- want
DELETE FROM customers WHERE id NOT IN (SELECT o.customer_id FROM orders o); -- want
CREATE VIEW idle AS SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT customer_id FROM orders); -- want
SELECT id FROM customers WHERE id NOT IN (1, 2, 3);
SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders);
SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id);
SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL); -- want
SELECT id FROM customers WHERE id NOT IN (SELECT o.customer_id FROM orders o WHERE o.customer_id > 10); -- want
SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL OR shipped); -- want
DELETE FROM orders WHERE id NOT IN (SELECT min(id) FROM orders GROUP BY customer_id);
DELETE FROM orders WHERE id NOT IN (SELECT min(id) FROM orders WHERE shipped); -- want
DELETE FROM customers WHERE id NOT IN (SELECT o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id); -- want
