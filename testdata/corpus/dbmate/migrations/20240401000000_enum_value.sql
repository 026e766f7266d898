-- migrate:up
ALTER TYPE copy_state ADD VALUE IF NOT EXISTS 'repair' AFTER 'out';

-- migrate:down
SELECT 1;
