CREATE INDEX CONCURRENTLY orders_phone ON orders (phone);
SET statement_timeout = '30s';
CREATE INDEX CONCURRENTLY orders_email ON orders (email); -- want
RESET statement_timeout;
CREATE INDEX CONCURRENTLY orders_city ON orders (city);
