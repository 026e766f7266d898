CREATE TABLE orders (id int PRIMARY KEY);
CREATE TABLE invoices (id int PRIMARY KEY);
SELECT id, 'order' AS kind FROM orders UNION SELECT id, 'invoice' FROM invoices; -- want
SELECT id FROM orders WHERE id = 1 UNION SELECT id FROM orders WHERE id = 2; -- want
SELECT id FROM orders UNION SELECT id FROM invoices;
SELECT id, 'order' AS kind FROM orders UNION ALL SELECT id, 'invoice' FROM invoices;
