BEGIN;
CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, total int CONSTRAINT total_positive CHECK (total > 0),
                     customer_id int CONSTRAINT orders_customer REFERENCES customers);
CREATE TABLE notes (order_id int REFERENCES orders);
COMMIT;
ALTER TABLE orders DROP CONSTRAINT total_positive;
ALTER TABLE orders DROP CONSTRAINT orders_customer; -- want
DROP TABLE notes; -- want
