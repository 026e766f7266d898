SET LOCAL lock_timeout = '5s'; -- want
SET lock_timeout = 0; -- want
ALTER TABLE orders ADD COLUMN channel text;
BEGIN;
ALTER TABLE orders ADD COLUMN medium text;
SET LOCAL lock_timeout = '5s'; -- want
COMMIT;
SET lock_timeout = '3s';
