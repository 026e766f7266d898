-- The other half of the foreign key: deleting an order looks for its shipments.

SET lock_timeout = '3s';

CREATE INDEX CONCURRENTLY IF NOT EXISTS shipments_order_id_idx ON shipments (order_id);
