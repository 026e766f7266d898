-- Functions, procedures and DO blocks: what their static SQL does when they run, and at creation.
-- schema: shop
CREATE TABLE jobs (id int PRIMARY KEY, state text, payload varchar(10));
CREATE TABLE job_log (id int, at timestamptz);
INSERT INTO jobs SELECT n, 's', 'p' FROM generate_series(1, 9) n;
CREATE FUNCTION widen_jobs() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  ALTER TABLE jobs ALTER COLUMN payload TYPE varchar(20);
  CREATE INDEX jobs_state_idx ON jobs (state);
END $$;
CREATE FUNCTION touch_jobs() RETURNS bigint LANGUAGE sql AS $$
  UPDATE jobs SET state = 't';
  SELECT count(*) FROM job_log;
$$;
CREATE FUNCTION mark_jobs() RETURNS int LANGUAGE sql AS 'UPDATE jobs SET state = ''m''; SELECT 1';
CREATE FUNCTION outer_call() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM mark_jobs(); INSERT INTO job_log VALUES (1, now()); END $$;
CREATE PROCEDURE empty_log() LANGUAGE plpgsql AS $$ BEGIN TRUNCATE job_log; END $$;
CREATE FUNCTION run_text(command text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE command; END $$;
CREATE FUNCTION harmless(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n + 1';
CREATE TABLE doors (id int PRIMARY KEY, open bool);
CREATE FUNCTION doors_noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO job_log VALUES (NEW.id, now()); RETURN NEW; END $$;
CREATE TRIGGER doors_noted BEFORE INSERT ON doors FOR EACH ROW EXECUTE FUNCTION doors_noted();
CREATE TABLE keys (id int DEFAULT touch_jobs());
-- statements
CREATE FUNCTION count_jobs() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM jobs';
-- pg: 14-
CREATE FUNCTION count_orders() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM orders; END;
-- pg: 14-
CREATE FUNCTION total_of(id int) RETURNS numeric LANGUAGE sql RETURN (SELECT o.total FROM orders o WHERE o.id = $1);
CREATE OR REPLACE FUNCTION count_jobs() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM jobs, job_log';
CREATE FUNCTION later() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DELETE FROM jobs; END $$;
CREATE PROCEDURE insert_job() LANGUAGE sql AS 'INSERT INTO jobs VALUES (100)';
SET check_function_bodies = off;
CREATE FUNCTION unchecked() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM reminders';
RESET check_function_bodies;
ALTER FUNCTION count_jobs() STABLE;
ALTER FUNCTION count_jobs() RENAME TO number_of_jobs;
ALTER PROCEDURE insert_job() OWNER TO CURRENT_USER;
DO $$ BEGIN NULL; END $$;
DO $$ BEGIN ALTER TABLE orders ADD COLUMN via_do int; END $$;
DO $$
DECLARE found bigint;
BEGIN
  SELECT count(*) INTO found FROM jobs;
  IF found > 0 THEN
    LOCK TABLE products IN SHARE MODE;
  END IF;
END $$;
DO LANGUAGE plpgsql $body$
BEGIN
  CREATE INDEX reminders_sent_idx ON reminders (sent_at);
  ALTER TABLE invoices ALTER COLUMN issued SET NOT NULL;
END $body$;
DO $$ BEGIN PERFORM number_of_jobs(); END $$;
DO $$
BEGIN
  FOR i IN 1..2 LOOP
    INSERT INTO job_log VALUES (i, now());
  END LOOP;
END $$;
DO $$ BEGIN EXECUTE 'ALTER TABLE orders ADD COLUMN via_text int'; END $$;
-- unknown
DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT relname FROM pg_class WHERE relname IN ('jobs', 'job_log') LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN noted int', t);
  END LOOP;
END $$;
SELECT touch_jobs();
SELECT outer_call();
SELECT widen_jobs();
SELECT run_text('LOCK TABLE orders');
-- unknown
SELECT run_text(body) FROM (VALUES ('LOCK TABLE orders')) v(body);
SELECT harmless(1);
SELECT number_of_jobs();
CALL empty_log();
CALL insert_job();
INSERT INTO doors VALUES (1, true);
-- pg: 14-
SELECT count_orders();
DROP FUNCTION harmless(int);
DROP FUNCTION IF EXISTS harmless(int);
DROP FUNCTION touch_jobs() CASCADE;
DROP PROCEDURE empty_log();
DROP ROUTINE insert_job();
DROP FUNCTION doors_noted() CASCADE;
DROP TABLE orders CASCADE;
