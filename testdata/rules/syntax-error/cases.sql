CREATE TABLE a (x int);
CREATE TABEL b (x int); -- want
SELECT 'it''s fine' FROM a;
ALTER TABLE a ADD COLUMN; -- want
DROP TABLE a;
