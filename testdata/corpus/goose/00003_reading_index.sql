-- +goose NO TRANSACTION
-- +goose Up
CREATE INDEX CONCURRENTLY IF NOT EXISTS reading_at_brin ON reading USING brin (at) WITH (pages_per_range = 32);

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS reading_at_brin;
