-- Constraints of ordinary tables: check, unique, primary key, exclusion; validation, USING INDEX, dropping.
-- schema: shop
CREATE TABLE rooms (id int, floor int, code text NOT NULL, area numeric, during tsrange, booked daterange, kind text);
CREATE UNIQUE INDEX rooms_code_unique ON rooms (code);
CREATE UNIQUE INDEX rooms_id_unique ON rooms (id);
CREATE UNIQUE INDEX rooms_floor_code ON rooms (floor, code);
CREATE INDEX rooms_area_idx ON rooms (area);
INSERT INTO rooms SELECT n, n, 'r' || n, n, tsrange('2024-01-01', '2024-01-02'), daterange(('2024-01-' || n)::date, ('2024-01-' || n + 1)::date), 'k' FROM generate_series(1, 9) n;
CREATE TABLE desks (id int NOT NULL, room_id int, label text, owner bigint, price numeric CHECK (price > 0));
INSERT INTO desks SELECT n, n, 'd', n, n FROM generate_series(1, 9) n;
-- statements
ALTER TABLE rooms ADD CONSTRAINT area_positive CHECK (area > 0);
ALTER TABLE rooms ADD CHECK (floor < 200);
ALTER TABLE rooms ADD CONSTRAINT kind_known CHECK (kind IN ('k', 'l')) NOT VALID;
ALTER TABLE rooms VALIDATE CONSTRAINT kind_known;
ALTER TABLE rooms VALIDATE CONSTRAINT kind_known;
ALTER TABLE rooms ADD CONSTRAINT code_short CHECK (length(code) < 20) NO INHERIT;
-- pg: 18
ALTER TABLE rooms ADD CONSTRAINT area_hoped CHECK (area < 9000) NOT ENFORCED;
-- pg: 18
ALTER TABLE rooms ADD CHECK (area < 100), ADD CONSTRAINT not_checked CHECK (area > 5000) NOT ENFORCED;
ALTER TABLE rooms RENAME CONSTRAINT area_positive TO area_above_zero;
ALTER TABLE rooms DROP CONSTRAINT area_above_zero;
ALTER TABLE rooms DROP CONSTRAINT IF EXISTS area_above_zero;
ALTER TABLE rooms ADD CONSTRAINT rooms_code_key UNIQUE USING INDEX rooms_code_unique;
ALTER TABLE rooms ADD CONSTRAINT rooms_pkey PRIMARY KEY USING INDEX rooms_id_unique;
ALTER TABLE rooms ADD CONSTRAINT rooms_floor_code UNIQUE USING INDEX rooms_floor_code DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE rooms ADD UNIQUE (area);
ALTER TABLE rooms ADD CONSTRAINT rooms_two UNIQUE (floor, area) INCLUDE (kind);
-- pg: 15-
ALTER TABLE rooms ADD CONSTRAINT rooms_nulls UNIQUE NULLS NOT DISTINCT (floor, kind, id);
ALTER TABLE rooms ADD CONSTRAINT rooms_no_overlap EXCLUDE USING gist (booked WITH &&);
ALTER TABLE rooms ADD EXCLUDE (code WITH =) WHERE (floor > 3);
ALTER TABLE rooms RENAME CONSTRAINT rooms_no_overlap TO rooms_booked_once;
ALTER TABLE rooms DROP CONSTRAINT rooms_booked_once;
ALTER TABLE rooms DROP CONSTRAINT rooms_two, ADD CONSTRAINT rooms_three UNIQUE (floor, area, kind);
ALTER TABLE desks ADD PRIMARY KEY (id);
ALTER TABLE desks DROP CONSTRAINT desks_pkey;
ALTER TABLE desks ADD CONSTRAINT desks_both PRIMARY KEY (id, room_id);
ALTER TABLE desks DROP CONSTRAINT desks_both;
ALTER TABLE desks ADD CONSTRAINT desks_owner_unique UNIQUE (owner) DEFERRABLE;
ALTER TABLE desks DROP CONSTRAINT desks_price_check;
ALTER TABLE desks ADD CONSTRAINT label_there CHECK (label IS NOT NULL), ADD CONSTRAINT owner_there CHECK (owner IS NOT NULL) NOT VALID;
ALTER TABLE desks ADD CONSTRAINT desks_room_fk FOREIGN KEY (room_id) REFERENCES rooms (id) NOT VALID, ADD CHECK (price > 0);
ALTER TABLE desks VALIDATE CONSTRAINT desks_room_fk, VALIDATE CONSTRAINT owner_there;
ALTER TABLE desks ADD COLUMN shelf int, ADD CONSTRAINT shelf_small CHECK (shelf < 10);
ALTER TABLE desks ADD COLUMN drawer int DEFAULT 2, ADD CONSTRAINT drawer_small CHECK (drawer < 10) NOT VALID;
ALTER TABLE rooms DROP CONSTRAINT rooms_pkey CASCADE;
ALTER TABLE rooms RENAME CONSTRAINT rooms_code_key TO rooms_code_once;
ALTER TABLE rooms DROP CONSTRAINT rooms_code_once;
ALTER TABLE orders ADD CONSTRAINT orders_note_length CHECK (length(note) <= 200);
ALTER TABLE orders DROP CONSTRAINT orders_total_positive;
ALTER TABLE orders ADD CONSTRAINT orders_total_positive CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_total_positive;
ALTER TABLE customers DROP CONSTRAINT customers_mail_key;
ALTER TABLE customers DROP CONSTRAINT customers_pkey CASCADE;
ALTER TABLE products DROP CONSTRAINT products_price_check, ALTER COLUMN price DROP NOT NULL;
