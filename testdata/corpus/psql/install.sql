\set ON_ERROR_STOP on
\set app_schema warehouse
\if :{?owner}
\else
\set owner warehouse_owner
\endif
BEGIN;
CREATE SCHEMA :"app_schema" AUTHORIZATION :"owner";
COMMIT;
\ir tables/stock.sql
\ir tables/moves.sql
\echo installed
