ALTER TABLE orders ADD COLUMN channel text;
ALTER TABLE orders ADD COLUMN medium text; -- want
ALTER TABLE invoices ADD COLUMN medium text;
ALTER TABLE orders VALIDATE CONSTRAINT total_positive;
