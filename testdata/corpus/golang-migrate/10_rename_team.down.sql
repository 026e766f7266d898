ALTER TABLE teams RENAME COLUMN handle TO slug;
