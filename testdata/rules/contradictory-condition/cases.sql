CREATE TABLE orders (id int PRIMARY KEY, status text, total int);
SELECT id FROM orders WHERE status = 'new' AND status = 'paid'; -- want
SELECT id FROM orders WHERE total > 5 AND total < 3; -- want
SELECT id FROM orders WHERE total BETWEEN 10 AND 5; -- want
SELECT id FROM orders WHERE total > 3 AND total < 5;
SELECT id FROM orders WHERE total >= 3 AND total <= 3;
SELECT id FROM orders WHERE status = 'new' OR status = 'paid';
SELECT id FROM orders WHERE status = 'new' AND status = 'new';
