-- +goose Up
UPDATE a SET n = 0 WHERE n IS NULL;

-- +goose Down
