-- Not validated: PostgreSQL cannot use it.
ALTER TABLE orders ALTER COLUMN email SET NOT NULL;
-- Validated in an earlier file: instant.
ALTER TABLE orders ALTER COLUMN phone SET NOT NULL;
-- A disjunction proves nothing of either column.
ALTER TABLE orders ALTER COLUMN city SET NOT NULL;
-- The primary key has made it so.
ALTER TABLE orders ALTER COLUMN id SET NOT NULL;
