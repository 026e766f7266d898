CREATE TABLE orders (id int PRIMARY KEY, n int);
CREATE UNIQUE INDEX orders_n ON orders (n);
DROP INDEX orders_pkey; -- want
DROP INDEX orders_n;
