CREATE INDEX CONCURRENTLY orders_recent ON orders (placed_at) WHERE placed_at > now(); -- want
CREATE TABLE t (a int, b timestamptz GENERATED ALWAYS AS (clock_timestamp()) STORED); -- want
CREATE INDEX CONCURRENTLY orders_lower ON orders (lower(email));
CREATE INDEX CONCURRENTLY orders_day ON orders (date_trunc('day', placed_at AT TIME ZONE 'UTC'));
