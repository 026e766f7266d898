CREATE TABLE customers (id bigserial PRIMARY KEY, code varchar(10) UNIQUE);
CREATE TABLE orders (customer_id int REFERENCES customers (id)); -- want
CREATE TABLE invoices (customer_id bigint REFERENCES customers (id), code text REFERENCES customers (code));
