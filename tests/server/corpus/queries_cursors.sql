-- Cursors, session commands, temporary tables, two-phase commit.
-- schema: shop
CREATE TABLE queue (id int PRIMARY KEY, job text);
INSERT INTO queue SELECT n, 'j' FROM generate_series(1, 9) n;
-- statements
SET lock_timeout = '5s';
SET LOCAL statement_timeout = '30s';
SHOW lock_timeout;
RESET lock_timeout;
SET search_path = public, audit;
SET CONSTRAINTS ALL DEFERRED;
DECLARE jobs CURSOR FOR SELECT * FROM queue;
-- mode: B
FETCH 2 FROM jobs;
-- mode: B
CLOSE jobs;
DECLARE kept CURSOR WITH HOLD FOR SELECT * FROM queue;
LISTEN news;
NOTIFY news, 'hello';
UNLISTEN *;
CREATE TEMP TABLE batch (id int PRIMARY KEY, note text);
INSERT INTO batch SELECT id, job FROM queue;
CREATE INDEX batch_note_idx ON batch (note);
ALTER TABLE batch ADD COLUMN noise float DEFAULT random();
UPDATE queue SET job = b.note FROM batch b WHERE b.id = queue.id;
TRUNCATE batch;
DROP TABLE batch;
CREATE TEMP TABLE orders (id int);
ALTER TABLE orders ADD COLUMN x int;
DROP TABLE orders;
ALTER TABLE orders ADD COLUMN x int;
DISCARD PLANS;
DISCARD SEQUENCES;
DISCARD TEMP;
DISCARD ALL;
SELECT pg_advisory_xact_lock(5);
ALTER SYSTEM SET work_mem = '8MB';
ALTER SYSTEM RESET work_mem;
