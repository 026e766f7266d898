CREATE TABLE orders (id bigint PRIMARY KEY, email text, phone text, city text, zip text);
ALTER TABLE orders ADD CONSTRAINT email_there CHECK (email IS NOT NULL) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT phone_there CHECK (phone IS NOT NULL AND phone <> '') NOT VALID;
ALTER TABLE orders ADD CONSTRAINT city_there CHECK (city IS NOT NULL OR zip IS NOT NULL);
