CREATE TABLE t (a bigserial); -- want
ALTER TABLE t ADD COLUMN b bigserial; -- want
CREATE TABLE other (a bigint GENERATED ALWAYS AS IDENTITY);
