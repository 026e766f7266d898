CREATE TABLE orders (email text, city text, id int);
CREATE INDEX orders_email ON orders (email);
CREATE INDEX orders_city ON orders (city);
DROP INDEX orders_email; -- want
CREATE INDEX CONCURRENTLY orders_email_2 ON orders (email, id);
CREATE INDEX CONCURRENTLY orders_city_2 ON orders (city, id);
DROP INDEX orders_city;
