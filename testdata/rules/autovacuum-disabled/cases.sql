ALTER TABLE orders SET (autovacuum_enabled = false); -- want
ALTER TABLE orders SET (autovacuum_enabled = true);
ALTER TABLE orders SET (fillfactor = 90);
