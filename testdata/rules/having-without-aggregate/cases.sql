CREATE TABLE orders (id int PRIMARY KEY, status text);
SELECT status, count(*) FROM orders GROUP BY status HAVING status = 'new'; -- want
SELECT status, count(*) FROM orders GROUP BY status HAVING status = 'new' AND count(*) > 3; -- want
SELECT status, count(*) FROM orders GROUP BY status HAVING count(*) > 3;
SELECT status, count(*) FROM orders GROUP BY status HAVING my_sum(id) > 3;
