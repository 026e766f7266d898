CREATE FUNCTION next_code() RETURNS text LANGUAGE sql VOLATILE AS 'SELECT random()::text';
CREATE FUNCTION fixed_code() RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT 1::text';

-- Another value in each row: the table is written anew.
ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid(); -- want
ALTER TABLE orders ADD COLUMN seen timestamptz DEFAULT clock_timestamp(); -- want
ALTER TABLE orders ADD COLUMN number bigserial; -- want
ALTER TABLE orders ADD COLUMN id2 bigint GENERATED ALWAYS AS IDENTITY; -- want
ALTER TABLE orders ADD COLUMN net int GENERATED ALWAYS AS (gross - tax) STORED; -- want
ALTER TABLE orders ADD COLUMN code text DEFAULT next_code(); -- want
ALTER TABLE orders ADD COLUMN other text DEFAULT extension_function(); -- want

-- One value for all: only the catalog changes.
ALTER TABLE orders ADD COLUMN a int;
ALTER TABLE orders ADD COLUMN b int NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN c timestamptz DEFAULT now();
ALTER TABLE orders ADD COLUMN d date DEFAULT CURRENT_DATE;
ALTER TABLE orders ADD COLUMN e jsonb DEFAULT '{}'::jsonb;
ALTER TABLE orders ADD COLUMN f text DEFAULT fixed_code();
ALTER TABLE orders ADD COLUMN g int GENERATED ALWAYS AS (gross - tax) VIRTUAL;

-- For new rows only.
ALTER TABLE orders ALTER COLUMN a SET DEFAULT random();
