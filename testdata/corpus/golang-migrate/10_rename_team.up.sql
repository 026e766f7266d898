ALTER TABLE teams RENAME COLUMN slug TO handle;
