DROP VIEW sales; -- want
DROP TYPE status; -- want
DROP FUNCTION total(int);
CREATE FUNCTION total(int) RETURNS bigint LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION IF EXISTS other(int);
