CREATE UNIQUE INDEX CONCURRENTLY orders_number ON orders (number); -- want
ALTER TABLE orders ADD CONSTRAINT orders_code UNIQUE (code); -- want
CREATE TABLE fresh (a int);
CREATE UNIQUE INDEX fresh_a ON fresh (a);
