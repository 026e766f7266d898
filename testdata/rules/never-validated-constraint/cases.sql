CREATE TABLE orders (total int, tax int);
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID; -- want
ALTER TABLE orders ADD CONSTRAINT tax_positive CHECK (tax > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT tax_positive;
-- Dropped again.
ALTER TABLE orders ADD CONSTRAINT tax_small CHECK (tax < 90) NOT VALID;
ALTER TABLE orders DROP CONSTRAINT tax_small;
