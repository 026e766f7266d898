-- +goose Up
ALTER TABLE reading ADD COLUMN unit text;
UPDATE reading SET unit = 'celsius' WHERE unit IS NULL;
ALTER TABLE reading ALTER COLUMN unit SET NOT NULL;

-- +goose Down
ALTER TABLE reading DROP COLUMN unit;
