CREATE TABLE "Orders" (id int); -- want
CREATE TABLE items (id int,
  "orderId" int); -- want
ALTER TABLE items ADD COLUMN order_id int;
