CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE TABLE notes (order_id bigint REFERENCES orders (id) ON DELETE CASCADE); -- want
CREATE TABLE other (order_id bigint REFERENCES orders (id) ON DELETE SET NULL);
