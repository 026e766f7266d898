CREATE TABLE orders (id int, email varchar(20));
CREATE INDEX orders_email ON orders (email);
CREATE TABLE IF NOT EXISTS orders (id int, email varchar(20), total int); -- want
CREATE TABLE IF NOT EXISTS orders (id bigint); -- want
CREATE INDEX IF NOT EXISTS orders_email ON orders (lower(email)); -- want
CREATE INDEX IF NOT EXISTS orders_email ON orders (email);
CREATE TABLE IF NOT EXISTS orders (id int, email varchar(20));
CREATE TABLE IF NOT EXISTS fresh (id int);
