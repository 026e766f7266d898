-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY parcels_code_key ON parcels (code);
