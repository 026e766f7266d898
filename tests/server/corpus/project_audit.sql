-- An audit log by triggers, event triggers, publications, text search, operators, casts, aggregates, transforms.
CREATE SCHEMA log;
CREATE TABLE log.changes (id bigserial PRIMARY KEY, tbl text, op text, row_data jsonb, at timestamptz DEFAULT now());
CREATE TABLE log.counters (tbl text PRIMARY KEY, n bigint DEFAULT 0);
CREATE TABLE patients (id int PRIMARY KEY, name text, born date, notes text);
CREATE TABLE visits (id int PRIMARY KEY, patient_id int NOT NULL REFERENCES patients ON DELETE CASCADE, at date, fee numeric(8, 2));
CREATE TABLE bills (id int PRIMARY KEY, visit_id int UNIQUE REFERENCES visits, total numeric(8, 2), sent bool);
CREATE TABLE readings (device int NOT NULL, at timestamp NOT NULL, value real, PRIMARY KEY (device, at)) PARTITION BY RANGE (at);
CREATE TABLE readings_old PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE readings_new PARTITION OF readings FOR VALUES FROM ('2024-01-01') TO (MAXVALUE);
CREATE FUNCTION log.write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log.changes (tbl, op, row_data) VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(coalesce(NEW, OLD)));
  UPDATE log.counters SET n = n + 1 WHERE tbl = TG_TABLE_NAME;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE FUNCTION log.guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.fee < 0 THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
CREATE FUNCTION log.ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$;
-- pg: 14-
CREATE FUNCTION total_for(p int) RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT sum(fee) FROM visits WHERE patient_id = p; END;
CREATE FUNCTION add_fee(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1, 0) + $2';
CREATE TYPE dose AS (amount numeric, unit text);
CREATE TYPE severity AS ENUM ('low', 'high');
CREATE FUNCTION dose_text(dose) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT ($1).amount || ($1).unit $$;
CREATE FUNCTION same_day(date, date) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
CREATE TRIGGER patients_log AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION log.write();
CREATE TRIGGER visits_guard BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION log.guard();
CREATE TRIGGER readings_log AFTER INSERT ON readings FOR EACH ROW EXECUTE FUNCTION log.write();
CREATE TEXT SEARCH CONFIGURATION medical (COPY = english);
CREATE INDEX patients_notes ON patients USING gin (to_tsvector('medical', notes));
CREATE VIEW unpaid AS SELECT b.id, p.name, b.total FROM bills b JOIN visits v ON v.id = b.visit_id JOIN patients p ON p.id = v.patient_id WHERE NOT b.sent;
CREATE PUBLICATION patients_pub FOR TABLE patients, visits;
INSERT INTO log.counters VALUES ('patients'), ('readings_new');
INSERT INTO patients SELECT n, 'pat ' || n, '1980-01-01', 'some notes' FROM generate_series(1, 9) n;
INSERT INTO visits SELECT n, 1 + n % 9, '2024-02-02', 20 FROM generate_series(1, 20) n;
INSERT INTO bills SELECT n, n, 20, n % 2 = 0 FROM generate_series(1, 10) n;
INSERT INTO readings SELECT n, '2023-12-20'::timestamp + n * interval '1 day', n FROM generate_series(1, 20) n;
-- statements
UPDATE patients SET name = 'x' WHERE id = 1;
INSERT INTO patients (id, name) VALUES (50, 'fresh') RETURNING id;
UPDATE visits SET fee = 30 WHERE id = 2;
INSERT INTO readings VALUES (77, '2024-05-05 10:00', 1);
-- pg: 14-
SELECT total_for(3);
-- pg: 14-
SELECT p.name, total_for(p.id) FROM patients p;
CREATE TRIGGER bills_log AFTER UPDATE ON bills FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION log.write();
-- pg: 14-
CREATE OR REPLACE TRIGGER bills_log AFTER UPDATE OR DELETE ON bills FOR EACH ROW EXECUTE FUNCTION log.write();
CREATE CONSTRAINT TRIGGER bills_check AFTER INSERT ON bills DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION log.guard();
UPDATE bills SET sent = true WHERE id = 1;
CREATE TRIGGER readings_guard BEFORE UPDATE ON readings FOR EACH ROW EXECUTE FUNCTION log.write();
ALTER TRIGGER readings_log ON readings RENAME TO readings_written;
ALTER TRIGGER patients_log ON patients DEPENDS ON EXTENSION plpgsql;
-- pg: 15-
ALTER TABLE readings DISABLE TRIGGER readings_written;
-- pg: 15-
ALTER TABLE ONLY readings ENABLE TRIGGER readings_written;
-- pg: 15-
ALTER TABLE readings_new ENABLE REPLICA TRIGGER readings_written;
ALTER TABLE patients DISABLE TRIGGER ALL;
DROP TRIGGER readings_guard ON readings;
CREATE EVENT TRIGGER watch_ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION log.ddl();
ALTER EVENT TRIGGER watch_ddl DISABLE;
ALTER EVENT TRIGGER watch_ddl RENAME TO watch_tables;
COMMENT ON EVENT TRIGGER watch_tables IS 'watches';
DROP EVENT TRIGGER watch_tables;
CREATE PUBLICATION all_log FOR TABLE log.changes, readings WITH (publish = 'insert', publish_via_partition_root);
-- pg: 15-
ALTER PUBLICATION patients_pub SET TABLE patients (id, name) WHERE (id > 100);
-- pg: 15-
CREATE PUBLICATION log_pub FOR TABLES IN SCHEMA log, TABLE patients;
DROP PUBLICATION patients_pub, all_log;
CREATE SUBSCRIPTION far CONNECTION 'host=/nowhere dbname=x' PUBLICATION p WITH (connect = false);
ALTER SUBSCRIPTION far SET (synchronous_commit = 'off');
ALTER SUBSCRIPTION far SET (slot_name = NONE);
ALTER SUBSCRIPTION far RENAME TO farther;
ALTER SUBSCRIPTION farther OWNER TO CURRENT_USER;
COMMENT ON SUBSCRIPTION farther IS 'none';
DROP SUBSCRIPTION farther;
CREATE TEXT SEARCH DICTIONARY drugs (TEMPLATE = simple, STOPWORDS = english);
ALTER TEXT SEARCH CONFIGURATION medical ALTER MAPPING FOR word, asciiword WITH drugs, english_stem;
ALTER TEXT SEARCH CONFIGURATION medical DROP MAPPING IF EXISTS FOR url;
ALTER TEXT SEARCH DICTIONARY drugs RENAME TO medicine;
ALTER TEXT SEARCH CONFIGURATION medical OWNER TO app_owner;
ALTER TEXT SEARCH CONFIGURATION medical SET SCHEMA log;
COMMENT ON TEXT SEARCH CONFIGURATION log.medical IS 'doctors';
COMMENT ON TEXT SEARCH DICTIONARY medicine IS 'drugs';
CREATE AGGREGATE fees (numeric) (SFUNC = add_fee, STYPE = numeric);
SELECT fees(fee) FROM visits;
COMMENT ON AGGREGATE fees (numeric) IS 'sum';
ALTER AGGREGATE fees (numeric) SET SCHEMA log;
DROP AGGREGATE log.fees (numeric);
CREATE OPERATOR === (LEFTARG = date, RIGHTARG = date, FUNCTION = same_day, COMMUTATOR = ===);
COMMENT ON OPERATOR === (date, date) IS 'day';
ALTER OPERATOR === (date, date) SET SCHEMA log;
DROP OPERATOR log.=== (date, date);
CREATE CAST (dose AS text) WITH FUNCTION dose_text(dose) AS ASSIGNMENT;
COMMENT ON CAST (dose AS text) IS 'text';
DROP CAST (dose AS text);
CREATE TYPE shade AS RANGE (SUBTYPE = float8);
CREATE TYPE shell;
DROP TYPE shell;
ALTER TYPE dose RENAME TO dosage;
ALTER TYPE severity RENAME VALUE 'low' TO 'minor';
ALTER TYPE severity ADD VALUE 'critical' AFTER 'high';
ALTER TABLE visits ADD COLUMN how severity NOT NULL DEFAULT 'minor';
ALTER TABLE visits ADD COLUMN given dosage;
ALTER TABLE bills ADD COLUMN patient_id int, ADD CONSTRAINT bills_patient FOREIGN KEY (patient_id) REFERENCES patients (id) MATCH FULL ON DELETE RESTRICT;
-- rows
ALTER TABLE bills ALTER COLUMN patient_id TYPE bigint;
ALTER TABLE visits ALTER COLUMN at TYPE timestamptz USING at::timestamptz;
ALTER TABLE readings ALTER COLUMN value TYPE numeric USING round(value::numeric, 2);
ALTER TABLE readings DROP CONSTRAINT readings_pkey;
ALTER TABLE readings ADD UNIQUE (at, device);
ALTER TABLE readings ADD COLUMN patient_id int REFERENCES patients;
-- pg: 14-
CREATE OR REPLACE FUNCTION total_for(p int) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(total) FROM bills WHERE patient_id = p';
-- pg: 14-
ALTER FUNCTION total_for(int) RENAME TO fee_total;
-- pg: 14-
DROP FUNCTION fee_total(int);
CREATE FUNCTION old_bills() RETURNS SETOF bills LANGUAGE sql AS 'SELECT * FROM bills WHERE sent';
DROP FUNCTION log.write() CASCADE;
DROP SCHEMA log CASCADE;
DROP TABLE bills, visits, patients CASCADE;
