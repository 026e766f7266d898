BEGIN;
ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive; -- want
-- An older one may be validated: the lock is weak.
ALTER TABLE invoices VALIDATE CONSTRAINT invoices_total;
COMMIT;
-- Nobody else sees the table.
BEGIN;
CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD CONSTRAINT a_positive CHECK (a > 0) NOT VALID;
ALTER TABLE fresh VALIDATE CONSTRAINT a_positive;
COMMIT;
