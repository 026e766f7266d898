-- Several subcommands in one ALTER TABLE: the strongest lock, one pass for all rewrites and verifications.
-- schema: shop
CREATE TABLE logs (id int PRIMARY KEY, line text, level smallint, at timestamp, source varchar(10), size numeric(8, 2), flagged bool);
CREATE INDEX logs_at_idx ON logs (at);
CREATE INDEX logs_source_idx ON logs (source);
ALTER TABLE logs ADD CONSTRAINT level_known CHECK (level < 10) NOT VALID;
INSERT INTO logs SELECT n, 'l', n, now(), 's', n, true FROM generate_series(1, 9) n;
CREATE TABLE log_tags (log_id int, tag text);
INSERT INTO log_tags VALUES (1, 'x');
-- statements
ALTER TABLE logs ADD COLUMN a int, ADD COLUMN b int DEFAULT 5, ADD COLUMN c text NOT NULL DEFAULT '';
ALTER TABLE logs ADD COLUMN d int DEFAULT 1, ALTER COLUMN d SET NOT NULL;
ALTER TABLE logs ADD COLUMN e float DEFAULT random(), ADD CONSTRAINT e_small CHECK (e < 2);
ALTER TABLE logs DROP COLUMN a, ADD COLUMN a2 int;
ALTER TABLE logs VALIDATE CONSTRAINT level_known, ALTER COLUMN line SET STATISTICS 50;
ALTER TABLE logs VALIDATE CONSTRAINT level_known, ALTER COLUMN line SET DEFAULT '';
ALTER TABLE logs SET (fillfactor = 80), ALTER COLUMN line SET STORAGE EXTENDED;
ALTER TABLE logs ALTER COLUMN source TYPE varchar(20), ALTER COLUMN source SET NOT NULL;
ALTER TABLE logs ALTER COLUMN level TYPE int, ALTER COLUMN source TYPE text, ADD UNIQUE (source, id);
ALTER TABLE logs ALTER COLUMN at TYPE timestamptz, ALTER COLUMN size TYPE numeric(12, 2);
ALTER TABLE logs DROP CONSTRAINT level_known, ADD CONSTRAINT level_known CHECK (level < 20);
ALTER TABLE logs DROP CONSTRAINT level_known, ADD CONSTRAINT level_known CHECK (level < 20) NOT VALID;
ALTER TABLE logs CLUSTER ON logs_at_idx, SET (autovacuum_enabled = false);
ALTER TABLE logs ENABLE ROW LEVEL SECURITY, DISABLE TRIGGER ALL, ALTER COLUMN b DROP DEFAULT;
ALTER TABLE logs DROP CONSTRAINT logs_pkey, ADD CONSTRAINT logs_pk PRIMARY KEY (id, source);
ALTER TABLE logs ALTER COLUMN size SET NOT NULL, ADD CONSTRAINT size_there CHECK (size IS NOT NULL);
ALTER TABLE logs ADD COLUMN parent int, ADD CONSTRAINT id_once UNIQUE (id), ADD FOREIGN KEY (parent) REFERENCES logs (id);
ALTER TABLE log_tags ADD CONSTRAINT log_tags_fk FOREIGN KEY (log_id) REFERENCES logs (id), ALTER COLUMN log_id SET NOT NULL;
ALTER TABLE log_tags ADD PRIMARY KEY (log_id, tag), ADD COLUMN weight float DEFAULT random();
ALTER TABLE log_tags ALTER COLUMN weight SET STATISTICS 20, SET (fillfactor = 50), VALIDATE CONSTRAINT log_tags_fk;
ALTER TABLE log_tags DROP CONSTRAINT log_tags_fk, DROP COLUMN weight, ADD COLUMN weight int DEFAULT 3;
ALTER TABLE logs ALTER COLUMN flagged TYPE int USING flagged::int, ALTER COLUMN flagged SET DEFAULT 0, ALTER COLUMN id TYPE bigint;
ALTER TABLE orders ALTER COLUMN note TYPE varchar(300), ADD COLUMN vat numeric(14, 2) DEFAULT 0;
