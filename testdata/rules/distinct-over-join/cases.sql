CREATE TABLE customers (id int PRIMARY KEY, name text, region_id int);
CREATE TABLE regions (id int PRIMARY KEY, name text);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int);
SELECT DISTINCT c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id; -- want
SELECT DISTINCT c.id, o.id FROM customers c JOIN orders o ON o.customer_id = c.id;
SELECT DISTINCT c.name FROM customers c JOIN regions r ON r.id = c.region_id;
SELECT DISTINCT c.id, c.name FROM customers c;
SELECT DISTINCT ON (c.id) c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id ORDER BY c.id, o.id;
