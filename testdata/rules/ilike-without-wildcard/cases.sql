CREATE TABLE customers (id int PRIMARY KEY, email text);
SELECT id FROM customers WHERE email ILIKE 'a@b.example'; -- want
SELECT id FROM customers WHERE email ILIKE 'a@%';
SELECT id FROM customers WHERE lower(email) = lower('a@b.example');
