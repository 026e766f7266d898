SET search_path = app; -- want
SET statement_timeout = '10s';
SET work_mem = '64MB';
BEGIN;
SET LOCAL role = 'owner';
COMMIT;
RESET statement_timeout;
