CREATE TABLE t (a json); -- want
ALTER TABLE t ADD COLUMN b json; -- want
CREATE TABLE other (a jsonb);
