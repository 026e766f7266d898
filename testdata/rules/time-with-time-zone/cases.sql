CREATE TABLE t (a timetz); -- want
ALTER TABLE t ADD COLUMN b timetz; -- want
CREATE TABLE other (a time);
