ALTER TABLE orders DISABLE TRIGGER ALL; -- want
ALTER TABLE invoices DISABLE TRIGGER invoices_audit; -- want
UPDATE invoices SET total = 0 WHERE id = 1;
ALTER TABLE invoices ENABLE TRIGGER invoices_audit;
CREATE TABLE fresh (a int);
ALTER TABLE fresh DISABLE TRIGGER ALL;
