ALTER TABLE teams ADD COLUMN slug text GENERATED ALWAYS AS (lower(replace(name, ' ', '-'))) STORED;
ALTER TABLE teams ADD CONSTRAINT teams_slug_key UNIQUE (slug);
