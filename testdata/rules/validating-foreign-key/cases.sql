ALTER TABLE orders ADD CONSTRAINT c FOREIGN KEY (customer_id) REFERENCES customers (id); -- want
ALTER TABLE orders ADD COLUMN shop_id int DEFAULT 1 REFERENCES shops (id); -- want
ALTER TABLE orders ADD CONSTRAINT d FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;
ALTER TABLE orders ADD COLUMN voucher_id int REFERENCES vouchers (id);
CREATE TABLE refunds (id int, order_id int REFERENCES orders (id));
ALTER TABLE refunds ADD FOREIGN KEY (id) REFERENCES customers (id);
ALTER TABLE orders VALIDATE CONSTRAINT d;
