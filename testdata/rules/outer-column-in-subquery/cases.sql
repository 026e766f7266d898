CREATE TABLE orders (id int, customer_id int);
CREATE TABLE blocked (id int, since date);
SELECT id FROM orders WHERE customer_id IN (SELECT customer_id FROM blocked); -- want
DELETE FROM orders WHERE customer_id IN (SELECT customer_id FROM blocked WHERE since IS NOT NULL); -- want
SELECT id FROM orders WHERE customer_id IN (SELECT id FROM blocked);
SELECT id FROM orders o WHERE o.customer_id IN (SELECT o.customer_id FROM blocked b WHERE b.id = o.id);
