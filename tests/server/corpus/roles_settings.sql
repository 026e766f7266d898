-- Who is at work, and with which settings: SET LOCAL, SET ROLE, owners, row security, temporary views.
CREATE SCHEMA desk;
CREATE SCHEMA drawer;
CREATE TABLE desk.papers (id int PRIMARY KEY, owner_name text, body text);
CREATE TABLE drawer.papers (id int PRIMARY KEY, body text);
CREATE TABLE desk.people (name text PRIMARY KEY, level int);
GRANT USAGE, CREATE ON SCHEMA desk, drawer TO app_owner, app_writer;
GRANT ALL ON ALL TABLES IN SCHEMA desk, drawer TO app_owner, app_writer;
CREATE POLICY mine ON desk.papers USING (owner_name IN (SELECT name FROM desk.people WHERE level > 1));
ALTER TABLE desk.papers ENABLE ROW LEVEL SECURITY;
INSERT INTO desk.papers VALUES (1, 'ann', 'x'), (2, 'bob', 'y');
INSERT INTO desk.people VALUES ('ann', 2);
-- statements
-- mode: A
SET LOCAL search_path = drawer;
-- mode: A
SELECT * FROM desk.papers;
SET search_path = drawer, desk;
SELECT * FROM papers WHERE id = 1;
SELECT * FROM people;
-- mode: B
SET LOCAL search_path = desk;
-- mode: B
UPDATE papers SET body = 'z' WHERE id = 1;
RESET ALL;
SET search_path = desk;
SELECT count(*) FROM papers;
-- mode: A
SELECT set_config('search_path', 'drawer', true);
-- mode: A
SELECT count(*) FROM papers;
SELECT set_config('search_path', 'drawer,desk', false);
SELECT count(*) FROM papers;
SET ROLE app_writer;
SELECT * FROM desk.papers;
UPDATE desk.papers SET body = 'w' WHERE id = 2;
CREATE TABLE desk.notes (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text);
CREATE VIEW desk.note_bodies AS SELECT body FROM desk.notes;
CREATE POLICY noted ON desk.notes USING (EXISTS (SELECT FROM desk.people));
ALTER TABLE desk.notes ENABLE ROW LEVEL SECURITY;
INSERT INTO desk.notes (body) VALUES ('owners are let through');
SELECT * FROM desk.notes;
ALTER TABLE desk.notes FORCE ROW LEVEL SECURITY;
SELECT * FROM desk.notes;
ALTER TABLE desk.notes NO FORCE ROW LEVEL SECURITY;
RESET ROLE;
SET ROLE app_owner;
CREATE TABLE drawer.forms (id serial PRIMARY KEY, body text);
CREATE MATERIALIZED VIEW drawer.form_count AS SELECT count(*) FROM drawer.forms;
RESET ROLE;
CREATE TABLE desk.mine (a int);
CREATE TEMP TABLE scratch (a int);
CREATE VIEW desk_scratch AS SELECT a FROM scratch;
CREATE VIEW scratch_twice AS SELECT a FROM desk_scratch;
DROP VIEW scratch_twice;
REASSIGN OWNED BY app_owner TO app_reader;
DROP OWNED BY app_writer CASCADE;
DROP OWNED BY app_reader CASCADE;
SET search_path = desk;
CREATE SCHEMA cabinet CREATE UNIQUE INDEX shelf_width ON shelves (width) CREATE VIEW wide AS SELECT * FROM shelves WHERE width > 10 CREATE TABLE shelves (id serial PRIMARY KEY, width int);
INSERT INTO cabinet.shelves (width) VALUES (11);
SELECT * FROM cabinet.wide;
DROP SCHEMA cabinet CASCADE;
