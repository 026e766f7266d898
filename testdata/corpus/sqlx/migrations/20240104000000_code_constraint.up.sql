ALTER TABLE parcels ADD CONSTRAINT parcels_code_key UNIQUE USING INDEX parcels_code_key;
