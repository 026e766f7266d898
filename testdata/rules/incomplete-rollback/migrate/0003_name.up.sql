ALTER TABLE customers RENAME COLUMN email TO address;
