CREATE TABLE customers (id bigint PRIMARY KEY, email text, code text);
CREATE UNIQUE INDEX customers_code ON customers (code);
CREATE TABLE orders (email text REFERENCES customers (email)); -- want
CREATE TABLE notes (code text REFERENCES customers (code), customer_id bigint REFERENCES customers);
CREATE TABLE tree (id int PRIMARY KEY, parent_id int REFERENCES tree (id));
