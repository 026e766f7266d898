ALTER TABLE orders ALTER COLUMN total TYPE bigint; -- want
CREATE INDEX CONCURRENTLY orders_lower ON orders (lower(email)); -- want
CREATE INDEX CONCURRENTLY orders_email ON orders (email);
CREATE INDEX CONCURRENTLY customers_lower ON customers (lower(email));
ANALYZE customers;
