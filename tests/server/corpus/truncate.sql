-- TRUNCATE: cascades, identity, several tables, partitions, children.
-- schema: shop
CREATE TABLE pots (id serial PRIMARY KEY, extra bigint GENERATED ALWAYS AS IDENTITY);
CREATE TABLE lids (pot_id int REFERENCES pots, size int);
CREATE TABLE knobs (lid int);
CREATE TABLE colors (c text) PARTITION BY LIST (c);
CREATE TABLE colors_red PARTITION OF colors FOR VALUES IN ('red');
CREATE TABLE colors_rest PARTITION OF colors DEFAULT;
CREATE INDEX colors_c_idx ON colors (c);
INSERT INTO colors VALUES ('red'), ('blue');
CREATE TABLE base (id int);
CREATE TABLE derived (x int) INHERITS (base);
CREATE FUNCTION on_empty() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO knobs VALUES (0); RETURN NULL; END $$;
CREATE TRIGGER base_emptied AFTER TRUNCATE ON derived FOR EACH STATEMENT EXECUTE FUNCTION on_empty();
-- statements
TRUNCATE audit.events;
TRUNCATE TABLE audit.events RESTART IDENTITY;
TRUNCATE pots, lids;
TRUNCATE pots RESTART IDENTITY CASCADE;
TRUNCATE lids CONTINUE IDENTITY;
TRUNCATE colors_red;
TRUNCATE colors;
TRUNCATE ONLY base;
TRUNCATE base;
TRUNCATE knobs, lids RESTRICT;
TRUNCATE reminders, invoices;
TRUNCATE orders CASCADE;
TRUNCATE customers RESTART IDENTITY CASCADE;
TRUNCATE products, order_lines;
