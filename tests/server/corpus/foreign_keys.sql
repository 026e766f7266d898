-- Foreign keys: chains, cycles, self references, validation, enforcement, dropping what others refer to.
-- schema: shop
CREATE TABLE regions (id int PRIMARY KEY, name text UNIQUE, part_of int);
CREATE TABLE stores (id int PRIMARY KEY, region_id int, region_name text, manager_id int, twin int);
CREATE TABLE staff (id int PRIMARY KEY, store_id int, boss_id int, region_id int, deputy_of int);
CREATE TABLE shifts (store_id int, staff_id int, starts timestamptz);
CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE pair_notes (a int, b int, note text);
CREATE INDEX stores_region_idx ON stores (region_id);
INSERT INTO regions SELECT n, 'r' || n, 1 FROM generate_series(1, 6) n;
INSERT INTO stores SELECT n, n, 'r' || n, n, n FROM generate_series(1, 6) n;
INSERT INTO staff SELECT n, n, 1, n, n FROM generate_series(1, 6) n;
INSERT INTO shifts SELECT n, n, now() FROM generate_series(1, 6) n;
INSERT INTO pairs SELECT n, n FROM generate_series(1, 6) n;
INSERT INTO pair_notes SELECT n, n, 'x' FROM generate_series(1, 6) n;
-- statements
ALTER TABLE stores ADD CONSTRAINT stores_region_fk FOREIGN KEY (region_id) REFERENCES regions (id);
ALTER TABLE stores ADD FOREIGN KEY (region_name) REFERENCES regions (name) ON UPDATE CASCADE;
ALTER TABLE regions ADD CONSTRAINT regions_part_fk FOREIGN KEY (part_of) REFERENCES regions;
ALTER TABLE stores ADD CONSTRAINT stores_manager_fk FOREIGN KEY (manager_id) REFERENCES staff DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE staff ADD CONSTRAINT staff_store_fk FOREIGN KEY (store_id) REFERENCES stores ON DELETE SET NULL NOT VALID;
ALTER TABLE staff VALIDATE CONSTRAINT staff_store_fk;
ALTER TABLE staff VALIDATE CONSTRAINT staff_store_fk;
ALTER TABLE stores VALIDATE CONSTRAINT stores_manager_fk;
ALTER TABLE staff ADD CONSTRAINT staff_boss_fk FOREIGN KEY (boss_id) REFERENCES staff (id) NOT VALID;
ALTER TABLE staff VALIDATE CONSTRAINT staff_boss_fk;
ALTER TABLE shifts ADD FOREIGN KEY (store_id) REFERENCES stores (id), ADD FOREIGN KEY (staff_id) REFERENCES staff (id) NOT VALID;
ALTER TABLE pair_notes ADD CONSTRAINT pair_fk FOREIGN KEY (a, b) REFERENCES pairs MATCH FULL ON DELETE CASCADE;
ALTER TABLE staff ALTER CONSTRAINT staff_store_fk DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE staff ALTER CONSTRAINT staff_boss_fk DEFERRABLE INITIALLY DEFERRED;
-- pg: 18
ALTER TABLE staff ADD CONSTRAINT staff_region_fk FOREIGN KEY (region_id) REFERENCES regions NOT ENFORCED;
-- pg: 18
ALTER TABLE staff ALTER CONSTRAINT staff_region_fk ENFORCED;
-- pg: 18
ALTER TABLE staff ALTER CONSTRAINT staff_region_fk NOT ENFORCED;
-- pg: 18
ALTER TABLE staff DROP CONSTRAINT staff_region_fk;
ALTER TABLE staff ADD COLUMN home_region int, ADD CONSTRAINT staff_home_fk FOREIGN KEY (home_region) REFERENCES regions;
ALTER TABLE staff ADD COLUMN second_region int DEFAULT 1 REFERENCES regions, ALTER COLUMN store_id SET DEFAULT 1;
ALTER TABLE staff ADD COLUMN third_region int DEFAULT 1, ADD FOREIGN KEY (third_region) REFERENCES regions (id) NOT VALID;
ALTER TABLE staff RENAME CONSTRAINT staff_home_fk TO staff_home_region_fk;
ALTER TABLE staff DROP CONSTRAINT staff_home_region_fk;
ALTER TABLE staff DROP COLUMN second_region;
ALTER TABLE regions DROP CONSTRAINT regions_part_fk;
ALTER TABLE stores DROP CONSTRAINT stores_region_fk, DROP CONSTRAINT stores_manager_fk;
ALTER TABLE regions DROP CONSTRAINT regions_name_key CASCADE;
ALTER TABLE regions DROP COLUMN id CASCADE;
CREATE TABLE rosters (id int PRIMARY KEY, staff_id int REFERENCES staff, pair_a int, pair_b int, FOREIGN KEY (pair_a, pair_b) REFERENCES pairs, prior int REFERENCES rosters);
CREATE TABLE roster_days (roster_id int REFERENCES rosters ON DELETE CASCADE, customer_id bigint REFERENCES customers (id), order_id int REFERENCES orders);
ALTER TABLE roster_days DROP COLUMN roster_id, DROP COLUMN customer_id;
DROP TABLE roster_days;
DROP TABLE rosters;
ALTER TABLE invoices DROP CONSTRAINT invoices_reminder_fk;
ALTER TABLE reminders DROP CONSTRAINT reminders_invoice_id_fkey, ADD CONSTRAINT reminders_invoice_fk FOREIGN KEY (invoice_id) REFERENCES invoices ON DELETE CASCADE NOT VALID;
ALTER TABLE reminders VALIDATE CONSTRAINT reminders_invoice_fk;
ALTER TABLE customers DROP CONSTRAINT customers_referred_by_fkey;
ALTER TABLE customers ADD FOREIGN KEY (referred_by) REFERENCES customers ON DELETE SET NULL;
DROP TABLE pairs CASCADE;
DROP TABLE staff CASCADE;
DROP TABLE shifts, stores;
