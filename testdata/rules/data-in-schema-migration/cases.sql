ALTER TABLE orders ADD COLUMN channel text;
CREATE TABLE kinds (id int PRIMARY KEY);
INSERT INTO kinds VALUES (1);
UPDATE orders SET channel = 'web' WHERE id = 1; -- want
