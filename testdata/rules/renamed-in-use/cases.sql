ALTER TABLE customers RENAME COLUMN phone TO phone_number; -- want
ALTER TABLE customers RENAME TO clients; -- want
ALTER INDEX customers_phone RENAME TO customers_phone_number;
ALTER TABLE clients RENAME CONSTRAINT a TO b;
CREATE TABLE fresh (a int);
ALTER TABLE fresh RENAME COLUMN a TO b;
