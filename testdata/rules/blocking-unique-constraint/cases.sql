ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email); -- want
ALTER TABLE customers ADD PRIMARY KEY (id); -- want
ALTER TABLE customers ADD COLUMN code text UNIQUE; -- want
ALTER TABLE customers ADD CONSTRAINT k UNIQUE USING INDEX customers_email;
CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD PRIMARY KEY (a);
