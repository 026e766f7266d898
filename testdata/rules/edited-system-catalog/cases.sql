DELETE FROM pg_enum WHERE enumlabel = 'lost'; -- want
UPDATE pg_catalog.pg_attribute SET attnotnull = true WHERE attrelid = 1; -- want
UPDATE page SET a = 1 WHERE id = 1;
