-- migrate:up
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE books (
  isbn   char(13) PRIMARY KEY,
  title  text NOT NULL,
  price  money,
  pages  int4range
);

-- migrate:down
DROP TABLE books;
