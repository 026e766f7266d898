-- Login is slow at peak hours; make sure there is an index on the address. SHOP-318
-- Cannot run inside a transaction block.

SET lock_timeout = '3s';

CREATE INDEX CONCURRENTLY customers_email_idx ON customers (email);
