CREATE TABLE orders (id int PRIMARY KEY, status text, total int);
SELECT id, total FROM orders WHERE status = 'new' LIMIT 20; -- want
SELECT id, total FROM orders OFFSET 10; -- want
SELECT id FROM (SELECT id FROM orders LIMIT 5) s; -- want
SELECT id, total FROM orders WHERE status = 'new' ORDER BY id LIMIT 20;
SELECT id, total FROM orders WHERE id = 5 LIMIT 1;
SELECT 1 FROM orders WHERE status = 'new' LIMIT 1;
SELECT count(*) FROM orders LIMIT 1;
SELECT EXISTS (SELECT id FROM orders LIMIT 1);
SELECT id FROM orders WHERE status = 'new' FOR UPDATE SKIP LOCKED LIMIT 10;
SELECT n FROM generate_series(1, 10) n LIMIT 3;
