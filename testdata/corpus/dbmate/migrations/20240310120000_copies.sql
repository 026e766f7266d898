-- migrate:up
DO $do$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'copy_state') THEN
    CREATE TYPE copy_state AS ENUM ('shelf', 'out', 'lost');
  END IF;
END
$do$;
ALTER TABLE books ADD COLUMN state copy_state NOT NULL DEFAULT 'shelf';

-- migrate:down
ALTER TABLE books DROP COLUMN state;
DROP TYPE copy_state;
