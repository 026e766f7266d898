CREATE TABLE t (a smallint); -- want
ALTER TABLE t ADD COLUMN b smallint; -- want
CREATE TABLE other (a bigint);
