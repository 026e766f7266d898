CREATE TABLE t (a varchar(100)); -- want
ALTER TABLE t ADD COLUMN b varchar(100); -- want
CREATE TABLE other (a text);
