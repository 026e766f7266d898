UPDATE orders SET total = 1, total = 2 WHERE id = 1; -- want
INSERT INTO orders (id, id) VALUES (1, 2); -- want
CREATE TABLE t (a int, a text); -- want
UPDATE orders SET parts[1] = 1, parts[2] = 2 WHERE id = 1;
