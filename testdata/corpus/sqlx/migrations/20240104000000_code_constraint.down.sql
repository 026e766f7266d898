ALTER TABLE parcels DROP CONSTRAINT parcels_code_key;
