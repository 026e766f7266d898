CREATE TABLE orders (id int, paid boolean);
CREATE INDEX orders_paid ON orders (paid); -- want
CREATE INDEX orders_unpaid ON orders (id) WHERE NOT paid;
