-- Writers wait for the whole build.
CREATE INDEX orders_email ON orders (email); -- want
CREATE UNIQUE INDEX orders_number ON shop.orders USING btree (number) WHERE number IS NOT NULL; -- want

-- The safe form.
CREATE INDEX CONCURRENTLY orders_email_safe ON orders (email);

-- Nobody can see the table yet, so nobody can write to it.
BEGIN;
CREATE TABLE invoices (id bigint);
CREATE INDEX invoices_id ON invoices (id);
COMMIT;

-- The file that creates a table may index it: it holds what this file put in.
CREATE TABLE receipts (id bigint);
CREATE INDEX receipts_id ON receipts (id);

-- A temporary table is this session's own.
CREATE TEMP TABLE scratch (id bigint);
CREATE INDEX scratch_id ON scratch (id);

-- No edit is offered: CONCURRENTLY would fail here.
BEGIN;
CREATE INDEX orders_city ON orders (city); -- want
COMMIT;

-- pgsift: ignore blocking-index-build because the table has forty rows
CREATE INDEX currencies_name ON currencies (name);
CREATE INDEX currencies_code ON currencies (code); -- pgsift: ignore MIG001 because it is tiny too
