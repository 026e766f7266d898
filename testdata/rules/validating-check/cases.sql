ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0); -- want
ALTER TABLE orders ADD CONSTRAINT later CHECK (total > 0) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT never CHECK (total > 0) NOT ENFORCED;
CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD CHECK (a > 0);
ALTER DOMAIN money_amount ADD CONSTRAINT positive CHECK (value > 0);
