ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT ENFORCED; -- want
ALTER TABLE orders ADD CONSTRAINT tax_positive CHECK (tax > 0) NOT VALID;
