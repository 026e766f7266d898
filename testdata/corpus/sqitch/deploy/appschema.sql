-- Deploy forum:appschema to pg

BEGIN;
CREATE SCHEMA forum;
COMMIT;
