BEGIN;
CREATE TABLE orders (note varchar(200), id bigint, price numeric(10,4), n int);
COMMIT;
ALTER TABLE orders ALTER COLUMN note TYPE varchar(50); -- want
ALTER TABLE orders ALTER COLUMN id TYPE int; -- want
ALTER TABLE orders ALTER COLUMN price TYPE numeric(10,2); -- want
ALTER TABLE orders ALTER COLUMN n TYPE bigint;
ALTER TABLE orders ALTER COLUMN note TYPE text;
