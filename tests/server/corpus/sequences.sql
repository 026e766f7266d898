-- Sequences: options, ownership, use in defaults.
-- schema: shop
CREATE SEQUENCE invoice_numbers START 100;
CREATE SEQUENCE spare_numbers;
CREATE TABLE parcels (id serial PRIMARY KEY, no bigint DEFAULT nextval('invoice_numbers'), label int);
INSERT INTO parcels (label) SELECT generate_series(1, 5);
-- statements
CREATE SEQUENCE parcel_numbers INCREMENT BY 5;
CREATE SEQUENCE IF NOT EXISTS parcel_numbers;
CREATE SEQUENCE label_numbers AS int OWNED BY parcels.label;
CREATE UNLOGGED TABLE loose_parcels (id serial);
SELECT nextval('invoice_numbers');
SELECT currval('invoice_numbers');
SELECT setval('invoice_numbers', 500), nextval('spare_numbers');
SELECT last_value FROM invoice_numbers;
ALTER SEQUENCE invoice_numbers RESTART WITH 1000;
ALTER SEQUENCE invoice_numbers INCREMENT BY 2 CACHE 50;
ALTER SEQUENCE spare_numbers AS smallint MAXVALUE 300 CYCLE;
ALTER SEQUENCE spare_numbers OWNED BY parcels.label;
ALTER SEQUENCE spare_numbers OWNED BY NONE;
ALTER SEQUENCE IF EXISTS gone_numbers RESTART;
ALTER SEQUENCE spare_numbers RENAME TO backup_numbers;
ALTER SEQUENCE backup_numbers OWNER TO app_owner;
ALTER SEQUENCE backup_numbers SET SCHEMA audit;
-- pg: 15-
ALTER SEQUENCE audit.backup_numbers SET UNLOGGED;
-- pg: 15-
ALTER SEQUENCE audit.backup_numbers SET LOGGED;
-- pg: 15-
ALTER TABLE parcels ALTER COLUMN label SET DEFAULT nextval('label_numbers');
ALTER TABLE parcels ALTER COLUMN label DROP DEFAULT;
INSERT INTO parcels (label) VALUES (3);
INSERT INTO audit.events (who, what) VALUES ('me', 'it');
COMMENT ON SEQUENCE invoice_numbers IS 'invoices';
GRANT USAGE ON SEQUENCE invoice_numbers TO app_writer;
DROP SEQUENCE audit.backup_numbers;
DROP SEQUENCE IF EXISTS audit.backup_numbers;
DROP SEQUENCE invoice_numbers CASCADE;
DROP SEQUENCE parcels_id_seq CASCADE;
ALTER SEQUENCE orders_id_seq RESTART;
ALTER SEQUENCE customers_id_seq INCREMENT BY 3;
DROP SEQUENCE label_numbers, parcel_numbers;
