CREATE TABLE notes (order_id bigint REFERENCES orders (id)); -- want
CREATE TABLE other (order_id bigint REFERENCES orders (id) ON DELETE SET NULL);
