ALTER TABLE customers RENAME COLUMN address TO email;
