CREATE INDEX CONCURRENTLY orders_many ON orders (a, b, c, d); -- want
CREATE INDEX CONCURRENTLY orders_some ON orders (a, b);
CREATE UNIQUE INDEX CONCURRENTLY orders_key ON orders (a, b, c, d);
