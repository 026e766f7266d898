CREATE TABLE order_items (id bigint PRIMARY KEY, product_id int, quantity int);
