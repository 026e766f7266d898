CREATE TABLE a (id int PRIMARY KEY, code text);
CREATE TABLE b (a_id numeric, big bigint, code varchar(10), fixed char(10));
SELECT 1 FROM a JOIN b ON b.a_id = a.id; -- want
SELECT 1 FROM a, b WHERE a.code = b.fixed; -- want
SELECT 1 FROM a JOIN b ON b.big = a.id;
SELECT 1 FROM a JOIN b ON b.code = a.code;
