CREATE TABLE orders (id int PRIMARY KEY, customer_id int, seller_id int, note text);
CREATE INDEX ON orders (customer_id);
CREATE INDEX ON orders (seller_id);
SELECT id FROM orders WHERE customer_id = 1 OR note = 'x'; -- want
SELECT id FROM orders WHERE customer_id = 1 OR seller_id = 2;
SELECT id FROM orders WHERE customer_id = 1 OR customer_id = 2;
SELECT id FROM orders WHERE id = 7 AND (customer_id = 1 OR note = 'x');
