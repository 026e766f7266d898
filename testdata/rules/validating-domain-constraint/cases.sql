BEGIN;
CREATE DOMAIN email AS text;
CREATE DOMAIN unused AS text;
CREATE TABLE customers (address email);
COMMIT;
ALTER DOMAIN email ADD CONSTRAINT email_at CHECK (value LIKE '%@%'); -- want
ALTER DOMAIN email SET NOT NULL; -- want
ALTER DOMAIN email ADD CONSTRAINT email_dot CHECK (value LIKE '%.%') NOT VALID;
ALTER DOMAIN unused ADD CONSTRAINT unused_at CHECK (value LIKE '%@%');
