BEGIN;
SELECT 1;
COMMIT;
BEGIN; -- want
ALTER TABLE orders ADD COLUMN channel text;
