BEGIN;
CREATE TABLE orders (channel text NOT NULL DEFAULT 'web', medium text DEFAULT 'x', kind text NOT NULL DEFAULT 'y');
COMMIT;
ALTER TABLE orders ALTER COLUMN channel DROP DEFAULT; -- want
ALTER TABLE orders ALTER COLUMN medium DROP DEFAULT;
-- Only to change the type.
ALTER TABLE orders ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE orders ALTER COLUMN kind SET DEFAULT 'z';
