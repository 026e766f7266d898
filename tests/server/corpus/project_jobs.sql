-- A job queue: SKIP LOCKED, LISTEN, advisory locks, cursors, prepared statements, two-phase commit, functions in the default.
CREATE TABLE queues (name text PRIMARY KEY, paused bool DEFAULT false, weight int DEFAULT 1);
CREATE TABLE jobs (
  id bigserial PRIMARY KEY, queue text NOT NULL REFERENCES queues ON UPDATE CASCADE, payload jsonb NOT NULL DEFAULT '{}', run_at timestamptz NOT NULL DEFAULT now(),
  attempts smallint DEFAULT 0, locked_by text, finished_at timestamptz, CONSTRAINT attempts_few CHECK (attempts < 50));
CREATE INDEX jobs_ready ON jobs (queue, run_at) WHERE finished_at IS NULL AND locked_by IS NULL;
CREATE INDEX jobs_payload ON jobs USING gin (payload jsonb_path_ops);
CREATE TABLE job_errors (job_id bigint NOT NULL, no int, message text, CONSTRAINT job_errors_job FOREIGN KEY (job_id) REFERENCES jobs ON DELETE CASCADE DEFERRABLE, UNIQUE (job_id, no));
CREATE TABLE workers (name text PRIMARY KEY, seen timestamp DEFAULT now(), host inet, pid int);
CREATE UNLOGGED TABLE heartbeats (worker text REFERENCES workers, at timestamp);
CREATE TABLE jobs_done (LIKE jobs INCLUDING DEFAULTS);
CREATE TABLE schedules (id int PRIMARY KEY, every interval, queue text, args json, during tstzrange, next_at timestamptz);
CREATE FUNCTION next_run(text) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN now() + interval '1 hour'; END $$;
CREATE FUNCTION take_job(worker text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found_id bigint;
BEGIN
  UPDATE jobs SET locked_by = worker, attempts = attempts + 1 WHERE id = (
    SELECT id FROM jobs WHERE finished_at IS NULL AND locked_by IS NULL ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id INTO found_id;
  INSERT INTO heartbeats VALUES (worker, now());
  RETURN found_id;
END $$;
CREATE FUNCTION count_jobs(q text) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM jobs WHERE queue = q';
CREATE FUNCTION job_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.finished_at IS NOT NULL THEN INSERT INTO jobs_done SELECT NEW.*; END IF;
  PERFORM pg_notify('jobs', NEW.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER jobs_changed AFTER UPDATE OF finished_at ON jobs FOR EACH ROW EXECUTE FUNCTION job_changed();
CREATE PROCEDURE sweep() LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM heartbeats WHERE at < now() - interval '1 day';
  DELETE FROM jobs_done;
END $$;
INSERT INTO queues VALUES ('mail'), ('image');
INSERT INTO workers (name) VALUES ('w1'), ('w2');
INSERT INTO jobs (queue) SELECT (ARRAY['mail', 'image'])[1 + n % 2] FROM generate_series(1, 20) n;
INSERT INTO job_errors SELECT n, 1, 'oops' FROM generate_series(1, 5) n;
INSERT INTO heartbeats VALUES ('w1', now());
INSERT INTO schedules VALUES (1, '1 day', 'mail', '{}', '[2024-01-01,2024-02-01)', now());
INSERT INTO jobs_done SELECT * FROM jobs WHERE id < 4;
-- statements
SELECT id FROM jobs WHERE queue = 'mail' AND finished_at IS NULL ORDER BY run_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
SELECT q.name, count(*) FROM queues q JOIN jobs j ON j.queue = q.name GROUP BY 1;
SELECT j.id FROM jobs j JOIN queues q ON q.name = j.queue WHERE NOT q.paused FOR UPDATE OF j FOR SHARE OF q NOWAIT;
SELECT take_job('w1');
SELECT count_jobs('mail');
UPDATE jobs SET finished_at = now() WHERE id = 2;
CALL sweep();
SELECT pg_advisory_xact_lock(42);
LISTEN jobs;
NOTIFY jobs, 'hello';
UNLISTEN jobs;
PREPARE add_job (text) AS INSERT INTO jobs (queue) VALUES ($1);
EXECUTE add_job('mail');
DEALLOCATE add_job;
DECLARE late CURSOR FOR SELECT id FROM jobs WHERE run_at < now() FOR UPDATE;
-- mode: B
MOVE NEXT IN late;
-- mode: B
CLOSE late;
EXPLAIN UPDATE jobs SET attempts = 0;
EXPLAIN (ANALYZE, TIMING off) DELETE FROM job_errors WHERE no = 1;
SET CONSTRAINTS ALL IMMEDIATE;
SET LOCAL statement_timeout = '5s';
UPDATE queues SET name = 'mails' WHERE name = 'mail';
WITH moved AS (DELETE FROM jobs WHERE id = 20 RETURNING *) INSERT INTO jobs_done SELECT * FROM moved;
INSERT INTO job_errors (job_id, no) SELECT id, 7 FROM jobs WHERE id < 4 ON CONFLICT (job_id, no) DO NOTHING;
UPDATE workers SET host = '10.0.0.1' FROM heartbeats h WHERE h.worker = workers.name;
DELETE FROM heartbeats USING workers w WHERE w.name = worker AND w.pid IS NOT NULL;
VALUES (1), (2);
TABLE queues;
LOCK TABLE queues;
LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE NOWAIT;
LOCK TABLE ONLY jobs_done, job_errors IN EXCLUSIVE MODE;
DO $$ BEGIN IF (SELECT count(*) FROM workers) > 0 THEN UPDATE workers SET pid = 1; END IF; END $$;
DO $$
DECLARE q record;
BEGIN
  FOR q IN SELECT name FROM queues LOOP
    UPDATE schedules SET next_at = now() WHERE queue = q.name;
  END LOOP;
END $$;
ALTER TABLE jobs ADD COLUMN next_at timestamptz DEFAULT next_run('x');
ALTER TABLE jobs ADD COLUMN priority int NOT NULL DEFAULT 5, ADD CONSTRAINT priority_sane CHECK (priority BETWEEN 1 AND 9);
ALTER TABLE jobs ADD COLUMN parent_id bigint REFERENCES jobs ON DELETE SET NULL;
ALTER TABLE jobs ADD COLUMN worker text DEFAULT 'w1' REFERENCES workers;
ALTER TABLE jobs ALTER COLUMN payload TYPE jsonb USING payload || '{}';
ALTER TABLE jobs ALTER COLUMN attempts TYPE int, ALTER COLUMN attempts SET DEFAULT 1;
-- unknown
ALTER TABLE jobs ALTER COLUMN run_at TYPE timestamp;
ALTER TABLE jobs ALTER COLUMN run_at TYPE timestamptz(3);
ALTER TABLE jobs ADD COLUMN no bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE jobs ALTER COLUMN no SET GENERATED BY DEFAULT RESTART WITH 1000;
ALTER TABLE jobs ALTER COLUMN no DROP IDENTITY;
ALTER TABLE jobs ALTER COLUMN id DROP DEFAULT;
ALTER TABLE jobs CLUSTER ON jobs_pkey;
ALTER TABLE jobs SET WITHOUT CLUSTER;
ALTER TABLE jobs SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
ALTER TABLE jobs RESET (fillfactor);
ALTER TABLE jobs REPLICA IDENTITY FULL;
ALTER TABLE jobs REPLICA IDENTITY USING INDEX jobs_pkey;
ALTER INDEX jobs_ready SET (fillfactor = 60);
ALTER INDEX jobs_payload SET (fastupdate = off);
ALTER INDEX jobs_payload SET TABLESPACE archive_space;
ALTER TABLE heartbeats SET LOGGED;
ALTER TABLE job_errors SET UNLOGGED;
ALTER TABLE jobs_done SET TABLESPACE archive_space;
ALTER TABLE schedules ADD CONSTRAINT schedules_apart EXCLUDE USING gist (during WITH &&);
ALTER TABLE schedules ALTER COLUMN args TYPE jsonb USING args::jsonb, ADD UNIQUE (queue, every);
ALTER TABLE schedules ALTER COLUMN every TYPE interval minute;
ALTER TABLE job_errors ALTER CONSTRAINT job_errors_job DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE job_errors DROP CONSTRAINT job_errors_job;
ALTER TABLE workers ALTER COLUMN host TYPE cidr USING network(host);
-- unknown
ALTER TABLE workers ALTER COLUMN seen TYPE timestamptz;
ALTER TABLE workers ALTER COLUMN name TYPE varchar(40);
CREATE INDEX CONCURRENTLY jobs_parent ON jobs (parent_id);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS workers_pid ON workers (pid, name);
DROP INDEX CONCURRENTLY jobs_parent;
REINDEX (VERBOSE) INDEX CONCURRENTLY jobs_ready;
REINDEX TABLE CONCURRENTLY job_errors;
VACUUM jobs;
VACUUM (FULL, ANALYZE) jobs_done;
VACUUM (TRUNCATE off, INDEX_CLEANUP on) jobs, queues;
VACUUM ANALYZE schedules;
-- pg: 14-
CREATE STATISTICS jobs_expr ON (payload->>'a'), queue FROM jobs;
CREATE TABLE jobs_2 (LIKE jobs INCLUDING ALL EXCLUDING STATISTICS);
CREATE TABLE job_notes (job_id bigint, note text, FOREIGN KEY (job_id) REFERENCES jobs (id) ON DELETE CASCADE);
DROP FUNCTION take_job;
DROP TRIGGER jobs_changed ON jobs;
DROP INDEX jobs_ready, jobs_payload;
ALTER TABLE jobs DROP COLUMN queue, DROP COLUMN worker;
DROP SEQUENCE IF EXISTS jobs_id_seq CASCADE;
DROP TABLE workers, heartbeats;
TRUNCATE jobs, job_errors, job_notes RESTART IDENTITY;
