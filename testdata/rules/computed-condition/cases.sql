CREATE TABLE orders (id int PRIMARY KEY, status text, total int);
CREATE INDEX ON orders (coalesce(total, 0));
SELECT id FROM orders WHERE coalesce(status, 'new') = 'new'; -- want
SELECT id FROM orders WHERE CASE WHEN total > 5 THEN status ELSE 'x' END = 'new'; -- want
SELECT id FROM orders WHERE coalesce(total, 0) = 0;
SELECT id FROM orders WHERE status = coalesce($1, 'new');
SELECT coalesce(status, 'new') FROM orders;
