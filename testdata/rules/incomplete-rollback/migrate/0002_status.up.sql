ALTER TABLE orders ADD COLUMN status text NOT NULL DEFAULT 'new';
CREATE INDEX orders_status_idx ON orders (status);
ALTER TABLE customers ALTER COLUMN email TYPE varchar(320);
ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey;
