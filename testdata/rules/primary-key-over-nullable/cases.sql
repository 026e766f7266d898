BEGIN;
CREATE TABLE orders (id bigint);
CREATE UNIQUE INDEX orders_id_key ON orders (id);
CREATE TABLE items (id bigint NOT NULL);
CREATE UNIQUE INDEX items_id_key ON items (id);
COMMIT;
ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_id_key; -- want
ALTER TABLE items ADD CONSTRAINT items_pkey PRIMARY KEY USING INDEX items_id_key;
