CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int);
CREATE TABLE customers (id int PRIMARY KEY, country text);
CREATE TABLE settings (only_row boolean PRIMARY KEY, tax numeric);
SELECT o.id FROM orders o, customers c WHERE o.total > 5 AND c.country = 'DE'; -- want
SELECT o.id FROM orders o JOIN customers c ON c.country = 'DE'; -- want
SELECT o.id FROM orders o JOIN customers c ON true; -- want
SELECT o.id FROM orders o CROSS JOIN customers c;
SELECT o.id FROM orders o, customers c WHERE c.id = o.customer_id;
SELECT o.id FROM orders o JOIN customers c USING (id);
SELECT o.id FROM orders o NATURAL JOIN customers c;
SELECT o.id FROM orders o, settings s WHERE s.only_row = true;
SELECT o.id FROM orders o, customers c WHERE c.id = 5 AND o.customer_id = 5;
SELECT o.id FROM orders o, generate_series(1, 3) g;
SELECT o.id FROM orders o, LATERAL (SELECT 1 FROM customers c WHERE c.id = o.customer_id) x;
SELECT o.id FROM orders o, customers c WHERE (c.id, 1) = (o.customer_id, o.total);
SELECT o.id FROM orders o, customers c WHERE EXISTS (SELECT 1 FROM orders p WHERE p.id = o.id AND p.customer_id = c.id);
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id;
