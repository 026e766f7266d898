CREATE TABLE t (a money); -- want
ALTER TABLE t ADD COLUMN b money; -- want
CREATE TABLE other (a numeric(12,2));
