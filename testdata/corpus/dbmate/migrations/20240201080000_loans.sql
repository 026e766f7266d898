-- migrate:up
CREATE TABLE loans (
  isbn char(13) REFERENCES books,
  during tstzrange NOT NULL,
  EXCLUDE USING gist (during WITH &&)
);
ALTER TABLE loans ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_loans ON loans FOR SELECT USING (lower(during) <= now());

-- migrate:down
DROP TABLE loans;
