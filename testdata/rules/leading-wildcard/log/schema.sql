CREATE TABLE reviews (id int, body text, title text);
CREATE INDEX reviews_title ON reviews USING gin (title gin_trgm_ops);
