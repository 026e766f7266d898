-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY books_title_trgm ON books USING gin (title gin_trgm_ops);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY books_title_trgm;
