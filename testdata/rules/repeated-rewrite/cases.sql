ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();
ALTER TABLE orders ADD COLUMN channel text;
ALTER TABLE orders ADD COLUMN number bigserial; -- want
ALTER TABLE invoices ADD COLUMN number bigserial;
