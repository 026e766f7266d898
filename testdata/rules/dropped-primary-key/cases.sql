BEGIN;
CREATE TABLE orders (id int, n int, CONSTRAINT orders_pkey PRIMARY KEY (id));
CREATE TABLE items (id int, CONSTRAINT items_pkey PRIMARY KEY (id));
COMMIT;
ALTER TABLE orders DROP CONSTRAINT orders_pkey; -- want
BEGIN;
ALTER TABLE items DROP CONSTRAINT items_pkey;
ALTER TABLE items ADD PRIMARY KEY (id);
COMMIT;
