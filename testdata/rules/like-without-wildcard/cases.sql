CREATE TABLE customers (id int PRIMARY KEY, country text);
SELECT id FROM customers WHERE country LIKE 'DE'; -- want
SELECT id FROM customers WHERE country NOT LIKE 'DE'; -- want
SELECT id FROM customers WHERE country LIKE 'D%';
SELECT id FROM customers WHERE country LIKE 'D\_E';
