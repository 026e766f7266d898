CREATE TABLE orders (id int); -- want
CREATE TABLE shop.orders (id int);
CREATE TEMP TABLE scratch (id int);
DROP TABLE scratch;
