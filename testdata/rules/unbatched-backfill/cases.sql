UPDATE orders SET channel = 'web'; -- want
UPDATE orders SET channel = 'web' WHERE channel IS NULL; -- want
UPDATE orders SET channel = 'web' WHERE id = 17;
UPDATE orders SET channel = 'web' WHERE id IN (SELECT id FROM orders WHERE channel IS NULL LIMIT 1000);
DELETE FROM orders WHERE id IN (1, 2, 3);
CREATE TABLE fresh (a int);
UPDATE fresh SET a = 1;
UPDATE schema_version SET version = '13', minor = '0';
UPDATE documents SET version = 2; -- want
UPDATE document_version SET state = 'old'; -- want
