-- Every address has a country since the import was fixed.

ALTER TABLE addresses ALTER COLUMN country SET NOT NULL;
