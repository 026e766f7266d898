BEGIN;
VACUUM orders; -- want
ALTER SYSTEM SET work_mem = '64MB'; -- want
CREATE DATABASE other; -- want
-- ANALYZE alone may run anywhere.
ANALYZE orders;
COMMIT;
VACUUM orders;
