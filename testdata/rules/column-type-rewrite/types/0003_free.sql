-- Only the catalog changes.
ALTER TABLE t ALTER COLUMN b TYPE varchar(40);
ALTER TABLE t ALTER COLUMN b TYPE text;
ALTER TABLE t ALTER COLUMN c TYPE numeric(12,4);
ALTER TABLE t ALTER COLUMN c TYPE numeric USING c::numeric;
ALTER TABLE t ALTER COLUMN g TYPE inet;
-- Depends on the session's time zone.
ALTER TABLE t ALTER COLUMN d TYPE timestamptz;
-- A domain's check reads the table.
ALTER TABLE t ALTER COLUMN f TYPE short;
