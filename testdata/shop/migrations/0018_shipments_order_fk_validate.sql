-- Reads the whole table, but writers go on meanwhile.

ALTER TABLE shipments VALIDATE CONSTRAINT shipments_order_id_fkey;
