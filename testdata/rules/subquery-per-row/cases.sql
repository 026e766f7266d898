CREATE TABLE customers (id int PRIMARY KEY, region_id int);
CREATE TABLE regions (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int);
SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c; -- want
SELECT c.id, coalesce((SELECT sum(o.total) FROM orders o WHERE o.customer_id = c.id), 0) FROM customers c; -- want
SELECT c.id, (SELECT count(*) FROM orders) FROM customers c;
SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) FROM customers c WHERE c.id = 5;
SELECT (SELECT max(id) FROM orders);
