-- Savepoints: what was locked after one is free again after ROLLBACK TO.
-- schema: shop
-- statements
UPDATE products SET title = 'new' WHERE sku = 'SKU-1';
-- mode: B
SAVEPOINT before_orders;
ALTER TABLE orders ADD COLUMN kept_only_alone text;
LOCK TABLE audit.events IN EXCLUSIVE MODE;
-- mode: B
ROLLBACK TO SAVEPOINT before_orders;
ALTER TABLE orders ALTER COLUMN note SET STATISTICS 5;
-- mode: B
SAVEPOINT second;
ALTER TABLE products ADD COLUMN more int;
-- mode: B
SAVEPOINT third;
DROP TABLE reminders CASCADE;
-- mode: B
ROLLBACK TO third;
-- mode: B
RELEASE SAVEPOINT third;
-- mode: B
ROLLBACK TO SAVEPOINT second;
COMMENT ON TABLE order_lines IS 'lines';
-- mode: B
SAVEPOINT last_one;
TRUNCATE order_lines;
-- mode: B
RELEASE last_one;
ALTER TABLE customers VALIDATE CONSTRAINT customers_referred_by_fkey;
-- mode: B
SAVEPOINT renamed;
-- mode: B
ALTER TABLE invoices RENAME TO bills;
-- mode: B
ALTER TABLE bills ADD COLUMN late bool;
-- mode: B
ROLLBACK TO renamed;
ALTER TABLE invoices ADD COLUMN late bool;
