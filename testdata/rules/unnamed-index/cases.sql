CREATE INDEX ON orders (email); -- want
ALTER TABLE orders ADD CHECK (total > 0); -- want
CREATE INDEX orders_email ON orders (email);
