CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_email ON orders (email); -- want
DROP INDEX CONCURRENTLY IF EXISTS orders_city;
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_city ON orders (city);
CREATE INDEX CONCURRENTLY orders_phone ON orders (phone);
