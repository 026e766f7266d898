DROP VIEW sales; -- want
DROP TYPE status; -- want
DROP FUNCTION total(int);
CREATE FUNCTION total(int) RETURNS bigint LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION IF EXISTS other(int);
-- The usual way to take a value out of an enum type.
CREATE TYPE colour_new AS ENUM ('red');
ALTER TYPE colour RENAME TO colour_old;
ALTER TYPE colour_new RENAME TO colour;
DROP TYPE colour_old;
CREATE OR REPLACE FUNCTION helper() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT helper();
DROP FUNCTION helper();
