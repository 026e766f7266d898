CREATE TABLE orders (email text, phone text);
ALTER TABLE orders ADD CONSTRAINT email_there CHECK (email IS NOT NULL) NOT VALID; -- want
ALTER TABLE orders VALIDATE CONSTRAINT email_there;
ALTER TABLE orders ALTER COLUMN email SET NOT NULL;
-- Dropped, as it should be.
ALTER TABLE orders ADD CONSTRAINT phone_there CHECK (phone IS NOT NULL) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT phone_there;
ALTER TABLE orders ALTER COLUMN phone SET NOT NULL;
ALTER TABLE orders DROP CONSTRAINT phone_there;
