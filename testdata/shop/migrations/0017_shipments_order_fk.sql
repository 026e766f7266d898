-- The warehouse uses our order numbers since March. New rows are checked from now on; the old ones
-- follow in the next migration, after the clean-up job has run.

SET lock_timeout = '3s';

ALTER TABLE shipments
    ADD CONSTRAINT shipments_order_id_fkey
    FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;
