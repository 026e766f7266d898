CREATE TABLE t (a char(10)); -- want
ALTER TABLE t ADD COLUMN b char(10); -- want
CREATE TABLE other (a text);
