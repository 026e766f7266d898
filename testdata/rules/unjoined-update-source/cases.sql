CREATE TABLE orders (id int PRIMARY KEY, total int);
CREATE TABLE payments (order_id int, total int, status text);
UPDATE orders o SET total = p.total FROM payments p WHERE p.status = 'done'; -- want
UPDATE orders SET total = payments.total FROM payments; -- want
DELETE FROM orders o USING payments p WHERE p.status = 'done'; -- want
UPDATE orders o SET total = p.total FROM payments p WHERE p.order_id = o.id;
DELETE FROM orders o USING payments p WHERE p.order_id = o.id;
UPDATE orders o SET total = p.total FROM payments p WHERE p.order_id = 5 AND o.id = 5;
UPDATE orders o SET total = p.n FROM (SELECT sum(total) AS n FROM payments) p;
UPDATE orders o SET total = p.total FROM payments p WHERE EXISTS (SELECT 1 WHERE p.order_id = o.id);
