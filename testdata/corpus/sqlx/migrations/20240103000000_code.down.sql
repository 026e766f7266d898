-- no-transaction
DROP INDEX CONCURRENTLY parcels_code_key;
