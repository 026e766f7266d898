CREATE TABLE t (a timestamp); -- want
ALTER TABLE t ADD COLUMN b timestamp; -- want
CREATE TABLE other (a timestamptz);
