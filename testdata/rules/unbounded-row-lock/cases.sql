CREATE TABLE orders (id int PRIMARY KEY, status text);
SELECT id FROM orders WHERE status = 'new' FOR UPDATE; -- want
SELECT id FROM orders FOR NO KEY UPDATE; -- want
SELECT id FROM orders WHERE id = 5 FOR UPDATE;
SELECT id FROM orders WHERE id IN (5, 6) FOR UPDATE;
SELECT id FROM orders WHERE status = 'new' ORDER BY id LIMIT 100 FOR UPDATE;
SELECT id FROM orders WHERE status = 'new' FOR KEY SHARE;
