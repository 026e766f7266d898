CREATE TABLE orders (id int PRIMARY KEY, customer_id int, number text);
CREATE TABLE customers (id int PRIMARY KEY, email text);
SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.number = 'A1' OR c.email = 'a@b.example'; -- want
SELECT o.id FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.number = 'A1' OR o.number = 'A2';
SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer_id WHERE c.id IS NULL OR o.number = 'A2';
