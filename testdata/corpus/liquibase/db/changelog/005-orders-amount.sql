--liquibase formatted sql

--changeset omar:orders-total-wider
ALTER TABLE orders ALTER COLUMN total TYPE numeric(14, 2);
--rollback ALTER TABLE orders ALTER COLUMN total TYPE numeric(12, 2);
--changeset omar:orders-note
ALTER TABLE orders ADD COLUMN note text DEFAULT 'none';
--rollback ALTER TABLE orders DROP COLUMN note;
