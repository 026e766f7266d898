-- +goose Up
ALTER TABLE a ADD COLUMN n int;

-- +goose Down
ALTER TABLE a DROP COLUMN n;
