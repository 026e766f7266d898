-- Autovacuum kept getting in the way of the nightly cart clean-up.

ALTER TABLE carts SET (autovacuum_enabled = false);
