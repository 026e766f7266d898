CREATE TABLE customers (id int PRIMARY KEY, email text, created_at timestamptz, name text);
CREATE INDEX customers_email ON customers (email);
CREATE INDEX customers_created ON customers (created_at);
CREATE INDEX customers_name ON customers (name);
CREATE INDEX customers_name_lower ON customers (lower(name));
