DROP INDEX orders_status_idx;
ALTER TABLE customers ALTER COLUMN email TYPE varchar(64);
