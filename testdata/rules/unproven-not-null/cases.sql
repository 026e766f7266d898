BEGIN;
CREATE TABLE fresh (a int);
ALTER TABLE fresh ALTER COLUMN a SET NOT NULL;
COMMIT;

-- Nothing proves it.
ALTER TABLE orders ALTER COLUMN email SET NOT NULL; -- want
