CREATE TABLE orders (id int PRIMARY KEY, customer_id int, note text);
SELECT id FROM orders WHERE ($1::int IS NULL OR customer_id = $1::int); -- want
SELECT id FROM orders WHERE customer_id = COALESCE($1, customer_id); -- want
SELECT id FROM orders WHERE customer_id = $1;
SELECT id FROM orders WHERE note IS NULL OR note = $1;
